// What is read does not depend on how the bytes were cut on their way.
#include "actors/http/request_reader.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

namespace reckoner::http {
namespace {

using State = RequestReader::State;

// All that a connection would make of these bytes, which come in pieces of these sizes in turn.
std::string outcome(std::string_view bytes, const std::vector<std::size_t>& pieces) {
  RequestReader reader({1'000, 500});
  std::string buffer, out;
  std::size_t piece = 0;
  while (!bytes.empty()) {
    const std::size_t size = std::min(pieces[piece++ % pieces.size()], bytes.size());
    buffer.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    for (bool more = true; more && !buffer.empty();) {
      std::size_t taken = 0;
      const State state = reader.read(buffer, taken);
      REQUIRE(taken <= buffer.size());
      buffer.erase(0, taken);
      if (state == State::refused) return out + std::to_string(reader.refusal().status);
      more = state == State::done;
      if (!more) continue;
      const bool keep_alive = reader.keep_alive();
      const Request request = reader.take();
      out += request.method + ' ' + request.path + '?' + request.query + ' ' + request.body;
      for (const auto& [name, value] : request.headers) out += ' ' + name + '=' + value;
      out += keep_alive ? " keep|" : " close|";
      reader.begin();
    }
  }
  return out;
}

// Without the refusal at the end.
std::string accepted(const std::string& outcome) {
  return outcome.substr(0, outcome.rfind('|') + 1);
}

const std::vector<std::string>& streams() {
  static const std::vector<std::string> all = {
      "GET /a?b=c#d HTTP/1.1\r\nHost: x\r\nX-Y:  z \r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: "
      "y\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n10;a=b\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
      "GET http://host:80/x?y HTTP/1.1\r\nHost: host\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 501\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1f5\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
          std::string(2'000, 'a'),
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: " +
          std::string(2'000, 'a'),
      "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(2'000, 'a') + "\r\n\r\n",
      "GET /" + std::string(2'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
      "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\r\nGET /b HTTP/1.0\r\n\r\n",
      "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "\rGET / HTTP/1.1\r\nHost: x\r\n\r\n",
  };
  return all;
}

}  // namespace

TEST_CASE("request reader: one empty line before a request is passed over") {
  const std::string get = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  const std::string read = outcome(get, {100});
  CHECK(outcome("\r\n" + get + "\r\n" + get, {100}) == read + read);
  CHECK(outcome("\r\n" + get, {1}) == read);
  CHECK(outcome("\r\n\r\n" + get, {100}) == "400");
  CHECK(outcome("\r" + get, {100}) == "400");
  CHECK(outcome("\n" + get, {100}) == "400");
}

TEST_CASE("request reader: pieces of any size make the same of a stream") {
  for (const std::string& stream : streams()) {
    INFO(stream.substr(0, 100));
    const std::string whole = outcome(stream, {stream.size()});
    CHECK_FALSE(whole.empty());
    for (const std::size_t size : {1, 2, 3, 5, 7, 16, 64, 999, 1'000, 1'001})
      CHECK(outcome(stream, {size}) == whole);
    for (std::size_t cut = 1; cut < std::min<std::size_t>(stream.size(), 300); ++cut)
      CHECK(outcome(stream, {cut, stream.size()}) == whole);
  }
}

TEST_CASE("request reader: what it makes of good ones") {
  CHECK(outcome(streams()[0], {9'999}) == "GET /a?b=c  host=x x-y=z keep|");
  CHECK(outcome(streams()[1], {9'999}) ==
        "POST /a? hello host=x content-length=5 keep|GET /?  host=y keep|");
  CHECK(outcome(streams()[3], {9'999}) == "GET /x?y  host=host connection=close close|");
  CHECK(outcome(streams()[5], {9'999}) == "413");
  for (const std::size_t large : {7, 8, 9}) CHECK(outcome(streams()[large], {9'999}) == "431");
  CHECK(outcome("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", {9'999}) == "501");
  CHECK(outcome("GET / HTTP/1.1\nHost: x\n\n", {9'999}) == "400");
  CHECK(outcome("GET / HTTP/2.0\r\nHost: x\r\n\r\n", {9'999}) == "505");
}

TEST_CASE("request reader: no bytes make it read beyond what it got") {
  std::mt19937 random(5);
  for (int run = 0; run < 3'000; ++run) {
    std::string stream = streams()[random() % streams().size()];
    for (int change = 0; change < 3; ++change)
      stream[random() % stream.size()] = static_cast<char>(random() % 4 == 0 ? random() : '\r');
    // Which of several faults is found first, and when, may differ.
    const std::string whole = accepted(outcome(stream, {stream.size()}));
    CHECK(accepted(outcome(stream, {1 + random() % 40})) == whole);
  }
}

}  // namespace reckoner::http
