#include "sim/drive/requests.hpp"

namespace reckoner::sim {
namespace {

constexpr std::string_view kJson = "application/json";

// The engine takes a signature by either key that a secret stands for.
polar::HmacKey signing_key(const Access& access) {
  return polar::HmacKey(polar::keys_of_secret(access.webhook_secret).front());
}

}  // namespace

Requests::Requests(const Target& target, const Access& access)
    : path_(target.path),
      headers_(" HTTP/1.1\r\nHost: " + target.authority() + "\r\nUser-Agent: reckoner-sim\r\n"),
      authorization_(access.api_key.empty() ? ""
                                            : "Authorization: Bearer " + access.api_key + "\r\n"),
      scheme_(access.scheme),
      key_(signing_key(access)) {}

void Requests::begin(std::string& out, std::string_view method, std::string_view path) {
  out.assign(method).append(" ").append(path_).append(path).append(headers_);
}

void Requests::end(std::string& out, std::string_view content_type, std::string_view body) {
  out.append("Content-Type: ").append(content_type).append("\r\nContent-Length: ");
  out.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

void Requests::line(std::string& out, const MovedLine& line, std::int64_t now) {
  if (line.kind == MovedLine::Kind::webhook) return webhook(out, line, now);
  if (line.kind == MovedLine::Kind::operator_act) {
    begin(out, "POST", "/api/v1/charges/" + path_part(line.id) + '/' + std::string(line.decision));
    body_ = "{}";
  } else {
    const bool usage = line.kind == MovedLine::Kind::usage;
    begin(out, "POST", usage ? "/api/v1/usage" : "/api/v1/customers");
    body_.assign("{").append(line.members);
  }
  out.append(authorization_);
  end(out, kJson, body_);
}

void Requests::batch(std::string& out, std::span<const MovedLine* const> usage) {
  body_.clear();
  for (const MovedLine* line : usage) body_.append("{").append(line->members).append("\n");
  begin(out, "POST", "/api/v1/usage/batch");
  out.append(authorization_);
  end(out, "application/x-ndjson", body_);
}

void Requests::get(std::string& out, std::string_view path_and_query) {
  begin(out, "GET", path_and_query);
  out.append(authorization_).append("\r\n");
}

void Requests::webhook(std::string& out, const MovedLine& line, std::int64_t now) {
  begin(out, "POST", "/api/v1/webhooks/polar");
  if (scheme_ == WebhookScheme::guide) {
    out.append("X-Polar-Signature: ").append(polar::sign_guide(key_, line.body)).append("\r\n");
  } else {
    const std::string timestamp = std::to_string(now);
    out.append("webhook-id: ").append(line.id);
    out.append("\r\nwebhook-timestamp: ").append(timestamp);
    out.append("\r\nwebhook-signature: ");
    out.append(polar::sign_standard(key_, line.id, timestamp, line.body)).append("\r\n");
  }
  end(out, kJson, line.body);
}

}  // namespace reckoner::sim
