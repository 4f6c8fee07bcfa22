// Puts the bytes of an answer together. One for each thread.
#pragma once

#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <string_view>

#include "actors/http/message.hpp"

namespace reckoner::http {

class AnswerWriter {
 public:
  AnswerWriter();

  struct How {
    bool keep_alive = true;
    bool without_body = false;  // to HEAD
    std::string_view request_id;
  };
  // The head of the answer, with the empty line behind it. Its body follows as it is, unless it is
  // left out.
  void head(std::string& out, const Response& response, const How& how);

  // 32 hexadecimal digits.
  std::string make_request_id();

 private:
  void date(std::string& out);

  std::mt19937_64 random_;
  std::time_t date_of_ = -1;
  std::string date_;
};

// Whether an id that a client sent may go into logs and answers: 1 to 128 of letters, digits and
// -._:/+= .
bool is_sane_request_id(std::string_view id);

}  // namespace reckoner::http
