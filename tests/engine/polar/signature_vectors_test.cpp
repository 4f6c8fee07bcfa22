// Signatures of webhooks by vectors from outside: deliveries of Polar's under both ways of making a
// key out of a secret, and those of Standard Webhooks' own libraries.
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <map>

#include "engine/basics/sha256.hpp"
#include "tests/engine/polar/signed_request.hpp"
#include "tests/support/files.hpp"

namespace reckoner::polar {
namespace {

namespace bj = boost::json;

std::string text(const bj::object& object, std::string_view name) {
  const bj::value& value = object.at(name);
  return value.is_int64() ? std::to_string(value.as_int64()) : std::string(value.as_string());
}

// --- deliveries of Polar's ------------------------------------------------------------------

// One of polar-fixtures/signed-vectors.json, under one of its two secrets.
struct Delivery {
  std::string file, secret, other_secret;
  Request request;
};

std::vector<Delivery> deliveries() {
  const auto folder = support::golden_folder() / "polar-fixtures";
  const bj::value all = bj::parse(support::read_file(folder / "signed-vectors.json"));
  std::vector<Delivery> out;
  for (const bj::value& item : all.at("vectors").as_array()) {
    const bj::object& vector = item.as_object();
    for (const auto& [way, other] : {std::pair("legacy", "standard"), {"standard", "legacy"}}) {
      Delivery delivery;
      delivery.file = text(vector, "file");
      delivery.secret = text(vector.at(way).as_object(), "secret");
      delivery.other_secret = text(vector.at(other).as_object(), "secret");
      delivery.request.body = support::read_file(folder / delivery.file);
      delivery.request.id = text(vector, "webhook-id");
      delivery.request.timestamp = text(vector, "webhook-timestamp");
      delivery.request.signature = text(vector.at(way).as_object(), "signature");
      REQUIRE(to_hex(sha256(delivery.request.body)) == text(vector, "body_sha256"));
      out.push_back(std::move(delivery));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("signatures: each delivery of Polar's passes under its secret alone") {
  const auto all = deliveries();
  REQUIRE(all.size() == 2 * 17);
  for (const Delivery& delivery : all) {
    INFO(delivery.file << " under " << delivery.secret);
    CHECK(verdict_of(delivery.request, delivery.secret) == "valid");
    CHECK(verdict_of(delivery.request, delivery.secret, kNow, Scheme::standard) == "valid");
    CHECK(verdict_of(delivery.request, delivery.other_secret) == "invalid_signature");
    CHECK(verdict_of(delivery.request, delivery.other_secret + "," + delivery.secret) == "valid");
  }
}

TEST_CASE("signatures: a delivery with one byte changed anywhere does not pass") {
  for (const Delivery& delivery : deliveries()) {
    INFO(delivery.file << " under " << delivery.secret);
    const auto changed = [&](auto change) {
      Request request = delivery.request;
      change(request);
      return verdict_of(request, delivery.secret);
    };
    const std::size_t size = delivery.request.body.size();
    for (const std::size_t at : {std::size_t(0), size / 2, size - 1})
      CHECK(changed([at](Request& r) { r.body[at] ^= 1; }) == "invalid_signature");
    CHECK(changed([](Request& r) { r.body += '\n'; }) == "invalid_signature");
    CHECK(changed([](Request& r) { r.body.pop_back(); }) == "invalid_signature");
    CHECK(changed([](Request& r) { r.id->back() ^= 1; }) == "invalid_signature");
    // Within the tolerance, and also the same number written otherwise.
    CHECK(changed([](Request& r) { r.timestamp->back() ^= 1; }) == "invalid_signature");
    CHECK(changed([](Request& r) { r.timestamp->insert(0, "0"); }) == "invalid_signature");
    for (const std::size_t at : {std::size_t(0), std::size_t(3), std::size_t(20)})
      CHECK(changed([at](Request& r) { (*r.signature)[at] ^= 1; }) == "invalid_signature");
  }
}

// --- Standard Webhooks' vectors -------------------------------------------------------------

namespace {

bj::object standard_vectors() {
  const auto path = support::golden_folder() / "standard-webhooks-vectors.json";
  return bj::parse(support::read_file(path)).as_object();
}

Request request_of(const bj::object& vector) {
  Request request;
  request.body = text(vector, "payload");
  request.id = text(vector, "id");
  request.timestamp = text(vector, "timestamp");
  request.signature = text(vector, "signature");
  return request;
}

std::int64_t time_of(const Request& request) {
  return std::stoll(*request.timestamp);
}

Request sign_function() {
  return request_of(standard_vectors().at("vectors").as_array().at(0).as_object());
}

std::string verdict_at_its_time(const Request& request, std::string_view secrets) {
  return verdict_of(request, secrets, time_of(request));
}

// The verdict on the first vector with another signature header.
std::string verdict_on_header(std::string_view header) {
  Request request = sign_function();
  request.signature = header;
  return verdict_at_its_time(request, kSecret);
}

void check_missing_headers(const bj::object&) {
  for (auto header : {&Request::id, &Request::timestamp, &Request::signature}) {
    Request request = sign_function();
    request.*header = std::nullopt;
    CHECK(verdict_at_its_time(sign_function(), kSecret) == "valid");
    CHECK(verdict_of(request, kSecret, time_of(sign_function())) == "missing_signature");
  }
}

void check_unpadded(const bj::object& vector) {
  const bj::object all = standard_vectors();
  for (const bj::value& secret : vector.at("secrets").as_array()) {
    int signed_with_it = 0;
    for (const bj::value& derived : all.at("derived_here").as_array()) {
      if (derived.at("secret") != secret) continue;
      ++signed_with_it;
      const Request request = request_of(derived.as_object());
      const std::string bare(secret.as_string());
      CHECK(verdict_at_its_time(request, bare) == "valid");
      CHECK(verdict_at_its_time(request, "whsec_" + bare) == "valid");
      CHECK(verdict_at_its_time(request, bare + std::string(4 - bare.size() % 4, '=')) == "valid");
    }
    CHECK(signed_with_it == 1);
  }
}

using Case = std::function<void(const bj::object&)>;
const std::map<std::string, Case, std::less<>>& structural_cases() {
  const auto refused = [](const bj::object& vector) {
    CHECK(verdict_on_header(text(vector, "header")) == "invalid_signature");
  };
  const auto away = [](std::int64_t seconds) {
    return [seconds](const bj::object&) {
      const Request request = sign_function();
      CHECK(verdict_of(request, kSecret, time_of(request) + seconds) ==
            "timestamp_out_of_tolerance");
    };
  };
  static const std::map<std::string, Case, std::less<>> cases = {
      {"same vector without whsec_ prefix",
       [](const bj::object& vector) {
         CHECK(verdict_at_its_time(sign_function(), text(vector, "secret")) == "valid");
       }},
      {"multi signature header",
       [](const bj::object& vector) {
         constexpr std::string_view kMark = "<VALID v1 SIGNATURE>";
         std::string header = text(vector, "header");
         const std::size_t at = header.find(kMark);
         REQUIRE(at != std::string::npos);
         header.replace(at, kMark.size(), *sign_function().signature);
         CHECK(verdict_on_header(header) == "valid");
       }},
      {"wrong signature", refused},
      {"off-by-one signature", refused},
      {"malformed / short signature", refused},
      {"garbage signature", refused},
      {"empty signature part", refused},
      {"missing webhook-id / webhook-timestamp / webhook-signature", check_missing_headers},
      {"non numeric timestamp 'hello'",
       [](const bj::object&) { CHECK(verdict_on_timestamp("hello") == "invalid_signature"); }},
      {"timestamp older than now-(300s+1s)", away(301)},
      {"timestamp newer than now+(300s+1s)", away(-301)},
      {"sign(): timestamps '161426533.0', 'invalid timestamp', '-161426533'",
       [](const bj::object&) {
         for (const char* timestamp : {"161426533.0", "invalid timestamp", "-161426533"})
           CHECK(verdict_on_timestamp(timestamp) == "invalid_signature");
       }},
      {"empty secret, or 'whsec_' alone",
       [](const bj::object&) {
         CHECK_FALSE(SignatureVerifier::of_secrets("").ok());
         CHECK_FALSE(SignatureVerifier::of_secrets("whsec_").ok());
       }},
      {"unpadded base64 secrets", check_unpadded},
  };
  return cases;
}

}  // namespace

TEST_CASE("signatures: Standard Webhooks' vectors pass, and none with another body or secret") {
  const bj::object all = standard_vectors();
  std::size_t seen = 0;
  for (const char* list : {"vectors", "derived_here"}) {
    for (const bj::value& item : all.at(list).as_array()) {
      const bj::object& vector = item.as_object();
      const Request request = request_of(vector);
      const std::string secret = text(vector, "secret");
      INFO(text(vector, "name") << " under " << secret);
      CHECK(verdict_at_its_time(request, secret) == "valid");
      CHECK(verdict_at_its_time(request, kOtherSecret) == "invalid_signature");
      Request other = request;
      other.body += ' ';
      CHECK(verdict_at_its_time(other, secret) == "invalid_signature");
      ++seen;
    }
  }
  CHECK(seen == 4);
}

TEST_CASE("signatures: Standard Webhooks' negative and structural cases, each by its name") {
  const bj::object all = standard_vectors();
  const bj::array& cases = all.at("negative_and_structural_cases").as_array();
  CHECK(cases.size() == structural_cases().size());
  for (const bj::value& item : cases) {
    const std::string name = text(item.as_object(), "name");
    INFO(name);
    const auto known = structural_cases().find(name);
    REQUIRE(known != structural_cases().end());
    known->second(item.as_object());
  }
}

}  // namespace reckoner::polar
