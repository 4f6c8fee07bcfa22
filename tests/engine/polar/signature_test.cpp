// Signatures of webhooks (contracts.md, Signatures), by vectors from outside: those of Standard
// Webhooks' own libraries, deliveries of Polar's under both ways of making a key, and RFC 4231.
#include "engine/polar/signature.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <map>

#include "engine/basics/sha256.hpp"
#include "tests/support/files.hpp"

namespace reckoner::polar {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kNow = 1'790'000'000;
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kOtherSecret = "a merchant's own secret";
constexpr std::string_view kBody = R"({"id":"evt_1","type":"customer.created","data":{"id":"p"}})";

std::string text(const bj::object& object, std::string_view name) {
  const bj::value& value = object.at(name);
  return value.is_int64() ? std::to_string(value.as_int64()) : std::string(value.as_string());
}

// A request as it came. What is not set is not there.
struct Request {
  std::string body{kBody};
  std::optional<std::string> polar_signature, id, timestamp, signature;

  SignatureHeaders headers() const { return {polar_signature, id, timestamp, signature}; }
};

// "valid", or the code of the answer; "no secrets" where the secrets are none.
std::string verdict_of(const Request& request, std::string_view secrets, std::int64_t now = kNow,
                       Scheme scheme = Scheme::any) {
  auto verifier = SignatureVerifier::of_secrets(secrets);
  if (!verifier) return "no secrets";
  return std::string(verdict_code(verifier->verify(request.headers(), request.body, now, scheme)));
}

Request standard_request(std::string_view key, std::string timestamp = std::to_string(kNow)) {
  Request request;
  request.id = "msg_1";
  request.timestamp = std::move(timestamp);
  HmacKey hmac(key);
  request.signature = sign_standard(hmac, *request.id, *request.timestamp, request.body);
  return request;
}

Request guide_request(std::string_view key) {
  Request request;
  HmacKey hmac(key);
  request.polar_signature = sign_guide(hmac, request.body);
  return request;
}

Request both_requests(std::string_view guide_key, std::string_view standard_key) {
  Request request = standard_request(standard_key);
  request.polar_signature = guide_request(guide_key).polar_signature;
  return request;
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

std::int64_t time_of(const Request& request) { return std::stoll(*request.timestamp); }

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

// With a timestamp that is signed as it should be, but is none.
std::string verdict_on_timestamp(std::string_view timestamp) {
  return verdict_of(standard_request(kSecret, std::string(timestamp)), kSecret);
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

// --- the standard scheme --------------------------------------------------------------------

TEST_CASE("signatures: a timestamp up to 300 seconds away passes, either way") {
  const Request request = standard_request(kSecret);
  for (const std::int64_t away : {0, 1, 299, 300})
    for (const std::int64_t now : {kNow - away, kNow + away}) {
      INFO("now is " << now);
      CHECK(verdict_of(request, kSecret, now) == "valid");
    }
  for (const std::int64_t away : {301, 302, 86'400, 1'700'000'000})
    for (const std::int64_t now : {kNow - away, kNow + away}) {
      INFO("now is " << now);
      CHECK(verdict_of(request, kSecret, now) == "timestamp_out_of_tolerance");
    }
}

TEST_CASE("signatures: a wrong signature is invalid before its timestamp is looked at") {
  Request request = standard_request(kOtherSecret, std::to_string(kNow - 1'000));
  CHECK(verdict_of(request, kSecret) == "invalid_signature");
}

TEST_CASE("signatures: a timestamp is a whole number of seconds and nothing else") {
  for (const char* timestamp : {"", " 1790000000", "1790000000 ", "+1790000000", "1790000000.0",
                                "1.79e9", "0x6ab13b80", "-1", "9223372036854775808",
                                "99999999999999999999", "1790000000\n", "2026-09-21T14:13:20Z"}) {
    INFO("'" << timestamp << "'");
    CHECK(verdict_on_timestamp(timestamp) == "invalid_signature");
  }
  for (const char* timestamp : {"0", "9223372036854775807", "1790000000000"}) {
    INFO("'" << timestamp << "'");
    CHECK(verdict_on_timestamp(timestamp) == "timestamp_out_of_tolerance");
  }
}

TEST_CASE("signatures: any entry of the header's list is enough, and others are passed over") {
  const std::string good = *standard_request(kSecret).signature;
  const std::string wrong = *standard_request(kOtherSecret).signature;
  const auto verdict = [](const std::string& header) {
    Request request = standard_request(kSecret);
    request.signature = header;
    return verdict_of(request, kSecret);
  };
  CHECK(verdict(good) == "valid");
  CHECK(verdict(wrong + " " + good) == "valid");
  CHECK(verdict(good + " " + wrong) == "valid");
  CHECK(verdict("v1a,AAAA  " + good + " ") == "valid");
  CHECK(verdict(good + " " + good) == "valid");
  // Not a list item by itself.
  CHECK(verdict("v2" + good.substr(2)) == "invalid_signature");
  CHECK(verdict(good.substr(3)) == "invalid_signature");
  CHECK(verdict("V1" + good.substr(2)) == "invalid_signature");
  CHECK(verdict(good + "," + good) == "invalid_signature");
  CHECK(verdict("v1, " + good.substr(3)) == "invalid_signature");
  CHECK(verdict(good.substr(0, good.size() - 1)) == "invalid_signature");
  CHECK(verdict(good + "=") == "invalid_signature");
  CHECK(verdict("") == "invalid_signature");
  CHECK(verdict(" ") == "invalid_signature");
}

TEST_CASE("signatures: a webhook-id that is empty or cut otherwise does not pass") {
  Request request = standard_request(kSecret);
  request.id = "";
  CHECK(verdict_of(request, kSecret) == "missing_signature");
  // The same signed bytes, with the dot at another place.
  HmacKey key(kSecret);
  request.id = "msg";
  request.timestamp = "1." + std::to_string(kNow);
  request.signature = sign_standard(key, "msg.1", std::to_string(kNow), request.body);
  CHECK(verdict_of(request, kSecret) == "invalid_signature");
}

TEST_CASE("signatures: bodies of any bytes are signed as they are") {
  for (const std::string& body : {std::string(), std::string("\0\xFF\n\r", 4),
                                  std::string(100'000, 'x'), std::string("no JSON")}) {
    for (const std::string& key : keys_of_secret(kSecret)) {
      Request request;
      request.body = body;
      request.id = "msg_1";
      request.timestamp = std::to_string(kNow);
      HmacKey hmac(key);
      request.signature = sign_standard(hmac, *request.id, *request.timestamp, body);
      CHECK(verdict_of(request, kSecret) == "valid");
      request.body += 'x';
      CHECK(verdict_of(request, kSecret) == "invalid_signature");
    }
  }
}

// --- the guide's scheme ---------------------------------------------------------------------

TEST_CASE("signatures: the guide's is sha256= and the HMAC of the body in hex") {
  HmacKey key("Jefe");
  CHECK(sign_guide(key, "what do ya want for nothing?") ==
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(verdict_of(guide_request(kSecret), kSecret) == "valid");
  CHECK(verdict_of(guide_request(kSecret), kOtherSecret) == "invalid_signature");
}

TEST_CASE("signatures: the guide's header passes only as it should be") {
  const std::string good = *guide_request(kSecret).polar_signature;
  const auto verdict = [](const std::string& header) {
    Request request = guide_request(kSecret);
    request.polar_signature = header;
    return verdict_of(request, kSecret);
  };
  CHECK(verdict(good) == "valid");
  for (const std::string& header :
       {std::string(), std::string("sha256="), good.substr(7), "sha1=" + good.substr(7),
        good.substr(0, good.size() - 1), good + "0", good + " ", " " + good, good + "," + good,
        "sha256=" + std::string(64, '0'), std::string("test_signature")}) {
    INFO("'" << header << "'");
    CHECK(verdict(header) == "invalid_signature");
  }
  Request request = guide_request(kSecret);
  request.body.front() ^= 1;
  CHECK(verdict_of(request, kSecret) == "invalid_signature");
}

TEST_CASE("signatures: under the guide's scheme only the secret's own bytes are a key") {
  for (const std::string& key : keys_of_secret(kSecret)) {
    CHECK(verdict_of(guide_request(key), kSecret) ==
          (key == kSecret ? "valid" : "invalid_signature"));
    CHECK(verdict_of(standard_request(key), kSecret) == "valid");
  }
}

TEST_CASE("signatures: webhook-id and -timestamp count for nothing under the guide's scheme") {
  Request request = guide_request(kSecret);
  for (const char* id : {"", "msg_1", "whatever"}) {
    for (const char* timestamp : {"", "0", "hello", "99999999999999999999"}) {
      request.id = id;
      request.timestamp = timestamp;
      CHECK(verdict_of(request, kSecret) == "valid");
      CHECK(verdict_of(request, kSecret, kNow, Scheme::guide) == "valid");
    }
  }
}

// --- both schemes ---------------------------------------------------------------------------

TEST_CASE("signatures: a request with neither scheme's header is missing its signature") {
  Request request;
  CHECK(verdict_of(request, kSecret) == "missing_signature");
  request.id = "msg_1";
  request.timestamp = std::to_string(kNow);
  CHECK(verdict_of(request, kSecret) == "missing_signature");
}

TEST_CASE("signatures: a request with both must pass both") {
  CHECK(verdict_of(both_requests(kSecret, kSecret), kSecret) == "valid");
  CHECK(verdict_of(both_requests(kOtherSecret, kSecret), kSecret) == "invalid_signature");
  CHECK(verdict_of(both_requests(kSecret, kOtherSecret), kSecret) == "invalid_signature");
  CHECK(verdict_of(both_requests(kOtherSecret, kOtherSecret), kSecret) == "invalid_signature");
  CHECK(verdict_of(both_requests(kSecret, kSecret), kSecret, kNow + 301) ==
        "timestamp_out_of_tolerance");
  Request without_id = both_requests(kSecret, kSecret);
  without_id.id = std::nullopt;
  CHECK(verdict_of(without_id, kSecret) == "missing_signature");
  Request without_timestamp = both_requests(kSecret, kSecret);
  without_timestamp.timestamp = std::nullopt;
  CHECK(verdict_of(without_timestamp, kSecret) == "missing_signature");
}

TEST_CASE("signatures: with one scheme configured the other is not looked at") {
  const auto verdict = [](const Request& request, Scheme scheme) {
    return verdict_of(request, kSecret, kNow, scheme);
  };
  CHECK(verdict(guide_request(kSecret), Scheme::guide) == "valid");
  CHECK(verdict(guide_request(kSecret), Scheme::standard) == "missing_signature");
  CHECK(verdict(standard_request(kSecret), Scheme::standard) == "valid");
  CHECK(verdict(standard_request(kSecret), Scheme::guide) == "missing_signature");
  CHECK(verdict(both_requests(kSecret, kOtherSecret), Scheme::guide) == "valid");
  CHECK(verdict(both_requests(kOtherSecret, kSecret), Scheme::guide) == "invalid_signature");
  CHECK(verdict(both_requests(kOtherSecret, kSecret), Scheme::standard) == "valid");
  CHECK(verdict(both_requests(kSecret, kOtherSecret), Scheme::standard) == "invalid_signature");
}

// --- secrets and keys -----------------------------------------------------------------------

TEST_CASE("signatures: several secrets are valid at once, for rotation") {
  const std::string both = std::string(kOtherSecret) + "," + std::string(kSecret);
  for (const std::string_view secret : {kOtherSecret, kSecret}) {
    CHECK(verdict_of(guide_request(secret), both) == "valid");
    CHECK(verdict_of(standard_request(secret), both) == "valid");
  }
  // One request may be signed with the old secret by one scheme and the new one by the other.
  CHECK(verdict_of(both_requests(kOtherSecret, kSecret), both) == "valid");
  CHECK(verdict_of(standard_request(kOtherSecret), kSecret) == "invalid_signature");
  CHECK(verdict_of(guide_request(kOtherSecret), kSecret) == "invalid_signature");
}

TEST_CASE("signatures: a secret that is empty or under 8 bytes is refused, and not shown") {
  for (const char* secrets : {"", ",", "hunter2", "whsec_", "whsec_A", ",long enough",
                              "long enough,", "long enough,,long enough", "long enough,hunter2"}) {
    INFO("'" << secrets << "'");
    const auto made = SignatureVerifier::of_secrets(secrets);
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().code == "invalid_setting");
    CHECK(made.error().detail.find("polar.webhook_secret") != std::string::npos);
    CHECK(made.error().detail.find("hunter2") == std::string::npos);
  }
  CHECK(SignatureVerifier::of_secrets("8 bytes!").ok());
}

TEST_CASE("signatures: a secret stands for its bytes, and for what they encode in base64") {
  const std::string bytes = "0123456789abcdef0123456789abcdef";
  const std::string base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
  using Keys = std::vector<std::string>;
  CHECK(keys_of_secret(base64 + "=") == Keys{base64 + "=", bytes});
  CHECK(keys_of_secret(base64) == Keys{base64, bytes});
  CHECK(keys_of_secret("whsec_" + base64 + "=") == Keys{"whsec_" + base64 + "=", bytes});
  CHECK(keys_of_secret("whsec_" + base64) == Keys{"whsec_" + base64, bytes});
  CHECK(keys_of_secret("+/+/") == Keys{"+/+/", "\xFB\xFF\xBF"});
  // No base64: other letters, padding at the wrong place or too much of it, one letter over.
  for (const char* secret : {"polar_whs_abcdefghij", "whsec_-_-_-_-_", "whsec_QUJ=DRUY", "QUJD====",
                             "whsec_QUJDR", "a secret of words", "whsec_QUJD QUJD"})
    CHECK(keys_of_secret(secret) == Keys{secret});
}

TEST_CASE("signatures: the key is never empty") {
  CHECK(keys_of_secret("").empty());
  for (const char* secret : {"whsec_", "whsec_=", "whsec_==", "whsec_====", "=", "====", "whsec_A",
                             "whsec_whsec_"}) {
    INFO(secret);
    for (const std::string& key : keys_of_secret(secret)) CHECK_FALSE(key.empty());
    CHECK(keys_of_secret(secret).front() == secret);
  }
  // HMAC fills a key up with zeros: under one zero byte it is what it is under no key at all.
  const std::string like_empty(1, '\0');
  for (const char* secrets : {"whsec_====", "========", "whsec_not base64"}) {
    CHECK(verdict_of(standard_request(like_empty), secrets) == "invalid_signature");
    CHECK(verdict_of(guide_request(like_empty), secrets) == "invalid_signature");
  }
}

TEST_CASE("signatures: HMAC-SHA256 is RFC 4231's, again and again under one key") {
  struct Vector {
    std::string key, data, mac;
  };
  const Vector vectors[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
  };
  for (const Vector& vector : vectors) {
    HmacKey key(vector.key);
    for (int again = 0; again < 3; ++again) {
      const std::string_view data = vector.data;
      CHECK(to_hex(key.mac({data})) == vector.mac);
      CHECK(to_hex(key.mac({data.substr(0, 3), "", data.substr(3)})) == vector.mac);
    }
    HmacKey moved = std::move(key);
    CHECK(to_hex(moved.mac({vector.data})) == vector.mac);
  }
}

}  // namespace reckoner::polar
