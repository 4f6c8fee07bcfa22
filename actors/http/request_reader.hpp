// Makes a Request of the bytes of a connection, piece by piece. One for each connection; what it
// refuses says what the answer has to be.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "actors/http/message.hpp"

namespace reckoner::http {

struct ReadLimits {
  std::size_t max_header = 8 * 1024;  // bytes of request line and fields
  std::size_t max_body = 4 * 1024 * 1024;
};
inline constexpr std::size_t kMostFields = 100;

struct Refusal {
  unsigned status = 400;
  std::string code, detail;
};

class RequestReader {
 public:
  enum class State : std::uint8_t { header, body, done, refused };

  explicit RequestReader(ReadLimits limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // A new request begins.
  void begin();
  // Reads on; `taken` is how many of the bytes are done with: the rest comes again, with more
  // behind it. After `done` what is left belongs to the next request.
  State read(std::string_view bytes, std::size_t& taken);

  const Refusal& refusal() const;                       // once refused
  bool has_begun() const { return header_bytes_ > 0; }  // an empty line before it is none of it
  bool keep_alive() const;                              // once the header is there
  bool expects_continue() const;                        // once the header is there
  std::size_t body_size() const;                        // bytes of the body that were read so far
  // What was read of the request so far; moved out.
  Request take();

 private:
  class Parser;
  State refuse(unsigned status, std::string code, std::string detail);
  State refuse_header_size();
  State read_request(std::string_view bytes, std::size_t& taken);

  ReadLimits limits_;
  std::unique_ptr<Parser> parser_;
  std::size_t header_bytes_ = 0;
  bool empty_line_taken_ = false;
  State state_ = State::header;
  Refusal refusal_;
};

}  // namespace reckoner::http
