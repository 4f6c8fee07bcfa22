#include "actors/http/request_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

#include "engine/basics/check.hpp"
#include "engine/basics/ids.hpp"

namespace reckoner::http {
namespace {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Failure = beast::error_code;
using Bytes = beast::string_view;

// No body is held ready for by its announced length alone beyond this.
constexpr std::size_t kBodyReserved = 256 * 1024;

std::string_view view(Bytes bytes) {
  return {bytes.data(), bytes.size()};
}

// Whether the request line ends like "HTTP/3.0".
bool names_a_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
  const std::size_t version = line.rfind(" HTTP/");
  return version != line.npos && line.size() == version + 9 && line[version + 7] == '.';
}

// "http://host:80/path" becomes "/path".
std::string_view origin_form(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == target.npos) return target;
  const std::size_t path = target.find('/', scheme + 3);
  return path == target.npos ? std::string_view("/") : target.substr(path);
}

}  // namespace

// Beast's parser, which hands over what it finds.
class RequestReader::Parser {
 public:
  class Fields final : public bhttp::basic_parser<true> {
   public:
    Fields() {}  // else clang does not know in time that the optional below can make one
    Request request;
    bool expects_continue = false, expects_other = false, too_many = false, encoded = false;
    int version = 11;
    std::size_t hosts = 0;

   private:
    void on_request_impl(bhttp::verb, Bytes method, Bytes target, int sent_version,
                         Failure&) override {
      version = sent_version;
      request.method = view(method);
      std::string_view rest = origin_form(view(target));
      rest = rest.substr(0, rest.find('#'));
      const std::size_t question = rest.find('?');
      request.path = rest.substr(0, question);
      if (question != rest.npos) request.query = rest.substr(question + 1);
    }
    void on_response_impl(int, Bytes, int, Failure&) override {}
    void on_field_impl(bhttp::field name, Bytes name_string, Bytes value,
                       Failure& failure) override {
      if (request.headers.empty()) request.headers.reserve(8);
      if (request.headers.size() == kMostFields) {
        too_many = true;
        failure = bhttp::error::header_limit;
        return;
      }
      request.headers.emplace_back(fold_case(view(name_string)), view(value));
      if (name == bhttp::field::host) ++hosts;
      if (name == bhttp::field::transfer_encoding && fold_case(view(value)) != "chunked")
        encoded = true;
      if (name != bhttp::field::expect) return;
      const bool known = fold_case(view(value)) == "100-continue";
      (known ? expects_continue : expects_other) = true;
    }
    void on_header_impl(Failure&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, Failure&) override {
      if (length) request.body.reserve(std::min<std::uint64_t>(*length, kBodyReserved));
    }
    std::size_t on_body_impl(Bytes body, Failure&) override {
      request.body.append(body.data(), body.size());
      return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, Bytes, Failure&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Bytes body, Failure&) override {
      request.body.append(body.data(), body.size());
      return body.size();
    }
    void on_finish_impl(Failure&) override {}
  };

  std::optional<Fields> fields;
};

RequestReader::RequestReader(ReadLimits limits)
    : limits_(limits), parser_(std::make_unique<Parser>()) {
  begin();
}

RequestReader::~RequestReader() = default;

void RequestReader::begin() {
  Parser::Fields& parser = parser_->fields.emplace();
  parser.header_limit(static_cast<std::uint32_t>(limits_.max_header));
  parser.body_limit(limits_.max_body);
  parser.eager(true);
  header_bytes_ = 0;
  empty_line_taken_ = false;
  state_ = State::header;
}

RequestReader::State RequestReader::refuse(unsigned status, std::string code, std::string detail) {
  refusal_ = {status, std::move(code), std::move(detail)};
  return state_ = State::refused;
}

RequestReader::State RequestReader::refuse_header_size() {
  if (parser_->fields->too_many)
    return refuse(431, "too_large",
                  "the request has more than " + std::to_string(kMostFields) + " header fields");
  return refuse(431, "too_large",
                "the request's header is larger than the " + std::to_string(limits_.max_header) +
                    " bytes that are taken");
}

// Clients of old send an empty line behind a body: one before a request is passed over (RFC 9112,
// section 2.2).
RequestReader::State RequestReader::read(std::string_view bytes, std::size_t& taken) {
  taken = 0;
  const bool can_be_empty = state_ == State::header && !has_begun() && !empty_line_taken_;
  if (can_be_empty && bytes == "\r") return state_;
  if (!can_be_empty || !bytes.starts_with("\r\n")) return read_request(bytes, taken);
  empty_line_taken_ = true;
  if (bytes.size() > 2) read_request(bytes.substr(2), taken);
  taken += 2;
  return state_;
}

RequestReader::State RequestReader::read_request(std::string_view bytes, std::size_t& taken) {
  Parser::Fields& parser = *parser_->fields;
  Failure failure;
  taken = parser.put({bytes.data(), bytes.size()}, failure);
  const bool needs_more = failure == bhttp::error::need_more;
  if (failure == bhttp::error::header_limit) return refuse_header_size();
  if (failure == bhttp::error::body_limit)
    return refuse(413, "too_large",
                  "the request's body is larger than the " + std::to_string(limits_.max_body) +
                      " bytes that are taken");
  if (failure == bhttp::error::bad_version && names_a_version(bytes))
    return refuse(505, "unsupported_version", "the request is of another version than HTTP/1.1");
  if (failure && !needs_more)
    return refuse(400, "bad_request", "the request is no HTTP: " + failure.message());
  if (!parser.is_header_done()) {
    header_bytes_ += taken;
    if (header_bytes_ + (bytes.size() - taken) > limits_.max_header) return refuse_header_size();
    return State::header;
  }
  if (state_ == State::header) {
    state_ = State::body;
    if (parser.hosts > 1 || (parser.hosts == 0 && parser.version == 11))
      return refuse(400, "bad_request",
                    parser.hosts == 0 ? "the request has no Host field"
                                      : "the request has more than one Host field");
    if (parser.encoded)
      return refuse(501, "unsupported_encoding",
                    "the only Transfer-Encoding that is taken is chunked");
    if (parser.expects_other)
      return refuse(417, "expectation_failed", "the only Expect that is taken is 100-continue");
  }
  // What of a body is left over is the beginning of a chunk's header, or of the trailer.
  if (needs_more && bytes.size() - taken > limits_.max_header) return refuse_header_size();
  return state_ = parser.is_done() ? State::done : State::body;
}

const Refusal& RequestReader::refusal() const {
  RECKONER_CHECK(state_ == State::refused, "a refusal of a request that was not refused");
  return refusal_;
}

bool RequestReader::keep_alive() const {
  return parser_->fields->keep_alive();
}

bool RequestReader::expects_continue() const {
  return parser_->fields->expects_continue && parser_->fields->version == 11;
}

std::size_t RequestReader::body_size() const {
  return parser_->fields->request.body.size();
}

Request RequestReader::take() {
  return std::move(parser_->fields->request);
}

}  // namespace reckoner::http
