// A client that sends bytes as they are, to see what a server makes of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace reckoner::http {

struct RawAnswer {
  int status = 0;                             // 0: none came, the connection ended
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;

  std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

class RawClient {
 public:
  // With `tls` it speaks TLS, and takes any certificate.
  explicit RawClient(std::uint16_t port, bool tls = false);
  ~RawClient();
  RawClient(RawClient&&) noexcept;

  // False: the other side has closed.
  bool send(std::string_view bytes);
  void finish_sending();
  // The next answer; `to_head`: it has no body.
  RawAnswer receive(bool to_head = false);
  RawAnswer ask(std::string_view bytes) {
    send(bytes);
    return receive();
  }
  // True once the other side has closed and nothing more came.
  bool is_closed();
  std::string tls_version() const;

  // "POST /path HTTP/1.1" with the body and its length; `fields` are whole lines.
  static std::string post(std::string_view path, std::string_view body,
                          std::string_view fields = "");
  static std::string get(std::string_view path, std::string_view fields = "");

 private:
  bool fill();

  struct Connection;
  std::unique_ptr<Connection> connection_;
  std::string in_;
};

}  // namespace reckoner::http
