// A server that does what no good one does: each connection and request gets what the test says.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace reckoner::http {

class OddServer {
 public:
  // What to do about a request: the bytes of an answer (whole, broken or none).
  struct Deed {
    std::string bytes;
    bool close = false;  // after the bytes
    bool hang = false;   // answers nothing more until the server ends
  };
  // Called with the whole request as it came, on a thread of the server.
  using Script = std::function<Deed(const std::string& request)>;

  explicit OddServer(Script script);
  ~OddServer();

  std::string url(const std::string& target = "/") const;
  int connections() const { return connections_; }
  int closed() const { return closed_; }  // of them, by the server

  // "HTTP/1.1 200 OK" with a length and this body.
  static std::string ok(const std::string& body, const std::string& headers = "");

 private:
  class Impl;
  std::atomic<int> connections_{0}, closed_{0};
  std::unique_ptr<Impl> impl_;
};

}  // namespace reckoner::http
