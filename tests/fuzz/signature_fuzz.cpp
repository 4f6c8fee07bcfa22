// Signatures: lines of an input are the scheme, the secrets, and four headers ("-": not there); the
// rest is the body. No crash; what is signed with a secret is valid under it by either scheme; and
// what has a byte changed is not.
#include "engine/polar/signature.hpp"

#include "tests/fuzz/fuzz_target.hpp"

namespace reckoner::polar {
namespace {

constexpr std::int64_t kNow = 1'790'000'000;
constexpr std::string_view kTimestamp = "1790000000";

struct Input {
  Scheme scheme;
  std::string_view secrets;
  SignatureHeaders headers;
  std::string_view body;
};

std::optional<std::string_view> header(std::string_view line) {
  if (line == "-") return std::nullopt;
  return line;
}

Input read_input(std::string_view text) {
  Input input;
  const std::string_view scheme = fuzz::take_line(text);
  input.scheme = scheme == "guide"      ? Scheme::guide
                 : scheme == "standard" ? Scheme::standard
                                        : Scheme::any;
  input.secrets = fuzz::take_line(text);
  input.headers.polar_signature = header(fuzz::take_line(text));
  input.headers.webhook_id = header(fuzz::take_line(text));
  input.headers.webhook_timestamp = header(fuzz::take_line(text));
  input.headers.webhook_signature = header(fuzz::take_line(text));
  input.body = text;
  return input;
}

std::string with_a_byte_changed(std::string_view text) {
  std::string out(text);
  if (out.empty()) return "x";
  out[out.size() / 2] = static_cast<char>(out[out.size() / 2] ^ 1);
  return out;
}

void check_guide(SignatureVerifier& verifier, std::string_view secret, std::string_view body) {
  HmacKey key(secret);
  const std::string signature = sign_guide(key, body);
  SignatureHeaders headers;
  headers.polar_signature = signature;
  RECKONER_CHECK(verifier.verify(headers, body, kNow, Scheme::guide) == Verdict::valid,
                 "what the guide's scheme signed is not valid");
  RECKONER_CHECK(
      verifier.verify(headers, with_a_byte_changed(body), kNow) == Verdict::invalid_signature,
      "another body is valid by the guide's scheme");
}

void check_standard(SignatureVerifier& verifier, std::string_view bytes, std::string_view id,
                    std::string_view body) {
  RECKONER_CHECK(!bytes.empty(), "a secret stands for an empty key");
  HmacKey key(bytes);
  const std::string signature = "v1,AAAA " + sign_standard(key, id, kTimestamp, body);
  SignatureHeaders headers;
  headers.webhook_id = id;
  headers.webhook_timestamp = kTimestamp;
  headers.webhook_signature = signature;
  RECKONER_CHECK(verifier.verify(headers, body, kNow, Scheme::standard) == Verdict::valid,
                 "what the standard scheme signed is not valid");
  RECKONER_CHECK(verifier.verify(headers, body, kNow + kToleranceSeconds + 1) ==
                     Verdict::timestamp_out_of_tolerance,
                 "an old signature is valid");
  RECKONER_CHECK(
      verifier.verify(headers, with_a_byte_changed(body), kNow) == Verdict::invalid_signature,
      "another body is valid by the standard scheme");
  const std::string other_id = with_a_byte_changed(id);
  headers.webhook_id = other_id;
  RECKONER_CHECK(verifier.verify(headers, body, kNow) == Verdict::invalid_signature,
                 "another id is valid by the standard scheme");
}

void check_signing(SignatureVerifier& verifier, const Input& input) {
  std::string_view rest = input.secrets;
  const std::string_view id = input.headers.webhook_id.value_or("");
  while (!rest.empty()) {
    const std::size_t end = rest.find(',');
    const std::string_view secret = rest.substr(0, end);
    check_guide(verifier, secret, input.body);
    for (const std::string& bytes : keys_of_secret(secret))
      check_standard(verifier, bytes, id.empty() ? "msg_1" : id, input.body);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

}  // namespace
}  // namespace reckoner::polar

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace reckoner;
  using namespace reckoner::polar;
  const Input input = read_input(fuzz::as_text(data, size));
  auto verifier = SignatureVerifier::of_secrets(input.secrets);
  if (!verifier.ok()) return 0;
  const Verdict verdict = verifier->verify(input.headers, input.body, kNow, input.scheme);
  const bool signed_at_all = input.headers.polar_signature || input.headers.webhook_signature;
  RECKONER_CHECK(signed_at_all || verdict == Verdict::missing_signature, "valid without a header");
  check_signing(*verifier, input);
  return 0;
}
