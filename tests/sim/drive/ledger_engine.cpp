#include "tests/sim/drive/ledger_engine.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <stdexcept>

#include "engine/json/report_json.hpp"
#include "sim/drive/json_edit.hpp"

namespace reckoner::sim {
namespace {

namespace bj = boost::json;

Instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

LedgerEngine::Response problem(unsigned status, const std::string& code) {
  return {status, R"({"status":)" + std::to_string(status) + R"(,"code":")" + code + R"("})", ""};
}

// Reads a request; false at the end of the connection.
bool read_request(int socket, std::string& buffer, LedgerEngine::Request& out) {
  std::size_t length = 0, head = std::string::npos;
  while (head == std::string::npos || buffer.size() < head + 4 + length) {
    if (head == std::string::npos && (head = buffer.find("\r\n\r\n")) != std::string::npos) {
      std::size_t line = buffer.find("\r\n");
      const std::string first = buffer.substr(0, line);
      out.method = first.substr(0, first.find(' '));
      out.target = first.substr(out.method.size() + 1, first.rfind(' ') - out.method.size() - 1);
      for (line += 2; line < head;) {
        const std::size_t end = buffer.find("\r\n", line), colon = buffer.find(": ", line);
        std::string name = buffer.substr(line, colon - line);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        out.headers[name] = buffer.substr(colon + 2, end - colon - 2);
        line = end + 2;
      }
      if (out.headers.contains("content-length"))
        length = std::stoul(out.headers["content-length"]);
      continue;
    }
    char bytes[65536];
    const ssize_t got = recv(socket, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer.append(bytes, static_cast<std::size_t>(got));
  }
  out.body = buffer.substr(head + 4, length);
  buffer.erase(0, head + 4 + length);
  return true;
}

}  // namespace

LedgerEngine::LedgerEngine(Faults faults, Book book)
    : faults_(std::move(faults)),
      replayer_({std::move(book), {}}),
      verifier_(polar::SignatureVerifier::of_secrets(kSecret).value()) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 128) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

LedgerEngine::~LedgerEngine() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) close(socket);
}

void LedgerEngine::accept() {
  while (true) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    const std::size_t number = accepted_++;
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void LedgerEngine::serve(int socket, std::size_t connection) {
  std::string buffer;
  while (true) {
    Request request;
    request.connection = connection;
    if (!read_request(socket, buffer, request) || !answer(socket, std::move(request))) break;
  }
  shutdown(socket, SHUT_RDWR);
}

bool LedgerEngine::answer(int socket, Request request) {
  Response response;
  Fault fault = Fault::none;
  {
    const std::lock_guard lock(mutex_);
    if (request.method != "GET") {
      if (faults_) fault = faults_(requests_.size(), request);
      requests_.push_back(request);
    }
    if (fault == Fault::lost_request) return false;
    if (fault == Fault::too_many || fault == Fault::unavailable) {
      response = fault == Fault::too_many ? problem(429, "too_many_requests")
                                          : problem(503, "unavailable");
      response.headers = "Retry-After: 0\r\n";
    } else if (fault == Fault::miscounted && request.target == "/api/v1/usage") {
      response = usage(request, true);
    } else {
      response = handle(request);
    }
    if (fault == Fault::lost_answer) return false;
  }
  const bool last = fault == Fault::last_on_its_own;
  const std::string text = "HTTP/1.1 " + std::to_string(response.status) + " X\r\n" +
                           response.headers + (last ? "Connection: close\r\n" : "") +
                           "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" +
                           response.body;
  return send(socket, text.data(), text.size(), MSG_NOSIGNAL) == std::ssize(text) && !last;
}

// --- what requests mean ---------------------------------------------------------------------

std::string LedgerEngine::fold(const std::string& kind, const std::string& members) {
  last_ = std::max(last_, now());
  const HistoryCounts before = replayer_.counts();
  const std::string line =
      R"({"at":")" + format_instant(last_) + R"(","kind":")" + kind + "\"," + members;
  if (const Result<bool> taken = replayer_.line(line); !taken) return taken.error().code;
  const HistoryCounts& after = replayer_.counts();
  for (const auto& [code, count] : after.rejected_by_code)
    if (const auto found = before.rejected_by_code.find(code);
        found == before.rejected_by_code.end() || found->second < count)
      return code;
  if (after.conflicts > before.conflicts) return "conflict";
  return after.duplicates > before.duplicates ? "duplicate" : "accepted";
}

LedgerEngine::Response LedgerEngine::handle(const Request& request) {
  if (request.target == "/api/v1/webhooks/polar") return webhook(request);
  if (request.target == "/_sandbox/state") return sandbox_state();
  const auto key = request.headers.find("authorization");
  if (key == request.headers.end() || key->second != std::string("Bearer ") + kApiKey)
    return problem(401, "unauthorized");
  if (request.method == "GET") return get(request);
  if (request.target == "/api/v1/usage") return usage(request, false);
  if (request.target == "/api/v1/usage/batch") return batch(request);
  if (request.target == "/api/v1/customers") {
    fold("customer", request.body.substr(1));
    return {201, "{}", ""};
  }
  const std::string charges = "/api/v1/charges/";
  if (!request.target.starts_with(charges)) return problem(404, "not_found");
  return problem(404, "unknown_charge");
}

LedgerEngine::Response LedgerEngine::usage(const Request& request, bool twice) {
  const std::string became = fold("usage", request.body.substr(1));
  if (twice) {
    const std::string other_key = R"("idempotency_key":"again)" + std::to_string(last_.micros);
    std::string again = request.body.substr(1);
    if (const std::size_t key = again.find(R"("idempotency_key":")"); key != again.npos)
      fold("usage", again.replace(key, 19, other_key));
  }
  if (became == "accepted" || became == "duplicate" || became == "conflict")
    return {200, R"({"status":")" + became + R"(","customer_id":"x","cost_usd":"0"})", ""};
  return problem(422, became);
}

LedgerEngine::Response LedgerEngine::batch(const Request& request) {
  std::map<std::string, int> counts;
  bj::array rejected;
  int index = 0;
  for (std::size_t at = 0, end; (end = request.body.find('\n', at)) != std::string::npos;
       at = end + 1, ++index) {
    const std::string became = fold("usage", request.body.substr(at + 1, end - at - 1));
    if (became == "accepted" || became == "duplicate" || became == "conflict") {
      ++counts[became];
    } else {
      rejected.push_back(bj::object{{"index", index}, {"code", became}, {"detail", ""}});
    }
  }
  return {200,
          bj::serialize(bj::object{{"accepted", counts["accepted"]},
                                   {"duplicates", counts["duplicate"]},
                                   {"conflicts", counts["conflict"]},
                                   {"rejected", rejected}}),
          ""};
}

LedgerEngine::Response LedgerEngine::webhook(const Request& request) {
  const auto header = [&](const char* name) -> std::optional<std::string_view> {
    const auto found = request.headers.find(name);
    if (found == request.headers.end()) return std::nullopt;
    return found->second;
  };
  const polar::SignatureHeaders headers{header("x-polar-signature"), header("webhook-id"),
                                        header("webhook-timestamp"), header("webhook-signature")};
  const polar::Verdict verdict = verifier_.verify(headers, request.body, now().micros / kSecond);
  if (verdict != polar::Verdict::valid)
    return problem(400, std::string(polar::verdict_code(verdict)));
  const std::string id =
      headers.webhook_id ? "\"id\":" + quoted(*headers.webhook_id) + "," : std::string();
  const std::string became = fold("webhook", id + "\"body\":" + request.body + '}');
  return {200, became == "accepted" ? R"({"status":"success"})" : R"({"status":"duplicate"})", ""};
}

std::string LedgerEngine::report_text() {
  fold("clock", "\"x\":0}");
  std::string text;
  const Report report = replayer_.report();
  json::write_report(report, [&](std::string_view part) { text += part; });
  return text;
}

LedgerEngine::Response LedgerEngine::get(const Request& request) {
  if (request.target.starts_with("/api/v1/charges?"))
    return {200, charges_pending_-- > 0 ? R"({"items":[{"id":"u:1"}]})" : R"({"items":[]})", ""};
  const bj::object report = bj::parse(report_text()).as_object();
  if (request.target == "/api/v1/hashes")
    return {200,
            bj::serialize(bj::object{{"at", format_instant(last_)},
                                     {"state_hash", report.at("state_hash")},
                                     {"money_hash", report.at("money_hash")},
                                     {"totals", report.at("totals")}}),
            ""};
  if (request.target.starts_with("/api/v1/customers?"))
    return {200, bj::serialize(bj::object{{"items", report.at("customers")}, {"next", nullptr}}),
            ""};
  for (const bj::value& customer : report.at("customers").as_array())
    if (request.target ==
        "/api/v1/customers/" + std::string(customer.at("customer_id").as_string()))
      return {200, bj::serialize(customer), ""};
  return problem(404, "unknown_customer");
}

// Amounts are numbers there.
LedgerEngine::Response LedgerEngine::sandbox_state() {
  std::string charges;
  const auto add = [&](const std::string& id, const std::string& amount) {
    charges += std::string(charges.empty() ? "" : ",") + R"({"id":"ch","idempotency_key":)" +
               quoted(id) + R"(,"amount_usd":)" + amount + R"(,"conflicts":0})";
  };
  const bj::object report = bj::parse(report_text()).as_object();
  for (const bj::value& customer : report.at("customers").as_array())
    for (const bj::value& charge : customer.at("charges").as_array())
      add(std::string(charge.at("id").as_string()),
          std::string(charge.at("amount_usd").as_string()));
  for (const std::string& id : strange_charges_) add(id, "1.00");
  return {200, R"({"charges":[)" + charges + "]}", ""};
}

std::vector<LedgerEngine::Request> LedgerEngine::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::string LedgerEngine::money_hash() {
  const std::lock_guard lock(mutex_);
  fold("clock", "\"x\":0}");
  return replayer_.report().money_hash;
}

}  // namespace reckoner::sim
