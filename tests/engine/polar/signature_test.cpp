// Signatures of webhooks, both schemes (contracts.md, Signatures). signature_vectors_test.cpp has
// the vectors from outside.
#include <catch2/catch.hpp>

#include "engine/basics/sha256.hpp"
#include "tests/engine/polar/signed_request.hpp"

namespace reckoner::polar {

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
  for (const char* secret : {"polar_whs_abcdefghij", "whsec_-_-_-_-_", "whsec_QUJ=DRUY",
                             "QUJD====", "whsec_QUJDR", "a secret of words", "whsec_QUJD QUJD"})
    CHECK(keys_of_secret(secret) == Keys{secret});
}

TEST_CASE("signatures: the key is never empty") {
  CHECK(keys_of_secret("").empty());
  for (const char* secret :
       {"whsec_", "whsec_=", "whsec_==", "whsec_====", "=", "====", "whsec_A", "whsec_whsec_"}) {
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
