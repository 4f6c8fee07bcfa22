#include "actors/http/answer_writer.hpp"

#include <algorithm>

#include "actors/http/problem.hpp"

namespace reckoner::http {
namespace {

constexpr std::size_t kLongestRequestId = 128;

std::uint64_t seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) ^ device();
}

void field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  // A line break would end the field.
  for (const char c : value) out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  out.append("\r\n");
}

}  // namespace

AnswerWriter::AnswerWriter() : random_(seed()) {}

void AnswerWriter::date(std::string& out) {
  const std::time_t now = std::time(nullptr);
  if (now != date_of_) {
    date_of_ = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[40];
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  field(out, "Date", date_);
}

void AnswerWriter::head(std::string& out, const Response& response, const How& how) {
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason_phrase(response.status)).append("\r\n");
  date(out);
  if (response.status != 204 && response.status != 304) {
    if (!response.content_type.empty()) field(out, "Content-Type", response.content_type);
    field(out, "Content-Length", std::to_string(response.body.size()));
  }
  field(out, "X-Request-Id", how.request_id);
  for (const auto& [name, value] : response.headers) field(out, name, value);
  out.append(how.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

std::string AnswerWriter::make_request_id() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(32, '0');
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = random_();
    for (std::size_t i = 0; i < 16; ++i, bits >>= 4) out[half * 16 + i] = kDigits[bits & 15];
  }
  return out;
}

bool is_sane_request_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestRequestId &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  std::string_view("-._:/+=").find(c) != std::string_view::npos;
         });
}

}  // namespace reckoner::http
