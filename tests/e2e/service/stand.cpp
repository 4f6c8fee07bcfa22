#include "tests/e2e/service/stand.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

namespace reckoner::e2e {
namespace {

namespace bj = boost::json;
using SteadyClock = std::chrono::steady_clock;

std::string line_with(const std::string& text, const std::string& what) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

std::int64_t number_in(const std::string& line, const std::string& name) {
  const std::size_t at = line.find(' ' + name + '=');
  INFO(line << " has no " << name);
  REQUIRE(at != std::string::npos);
  return std::stoll(line.substr(at + name.size() + 2));
}

}  // namespace

// --- the sandbox ----------------------------------------------------------------------------

Sandbox::Sandbox()
    : program_(std::make_unique<Background>(
          folder_.file(""),
          std::vector<std::string>{RECKONER_SIM_PROGRAM, "sandbox", "--listen", "127.0.0.1:0"},
          folder_.file("out"), folder_.file("said"))) {
  INFO(program_->said());
  REQUIRE(program_->has_put_out("\n"));
  const std::string line = line_with(program_->out(), "http://");
  REQUIRE_FALSE(line.empty());
  url = line;
}

void Sandbox::faults(const std::string& list) {
  const Answer answer = caller_.call("POST", url + "/_sandbox/faults", {},
                                     bj::serialize(bj::object{{"faults", list}}));
  INFO(answer.body);
  REQUIRE(answer.ok());
}

bj::object Sandbox::state() {
  return caller_.call("GET", url + "/_sandbox/state").json();
}

std::int64_t Sandbox::charge_calls() {
  std::int64_t calls = 0;
  const bj::object now = state();
  for (const auto& [path, minutes] : now.at("requests").as_object())
    if (path.ends_with("/api/v1/charges"))
      for (const auto& [minute, count] : minutes.as_object()) calls += count.as_int64();
  return calls;
}

// --- the engine -----------------------------------------------------------------------------

Stand::Stand(std::vector<std::string> settings) : settings_(std::move(settings)) {}

std::unique_ptr<Background> Stand::launch(const EngineOptions& options) {
  std::vector<std::string> arguments = {options.dying ? RECKONER_DYING_PROGRAM : RECKONER_PROGRAM,
                                        "serve"};
  std::vector<std::string> settings = {"server.listen=127.0.0.1:0",
                                       "storage.url=sqlite:store.db",
                                       "polar.base_url=" + sandbox.url + "/api/v1",
                                       "polar.api_key=a_key_for_Polar",
                                       "polar.requests_per_minute=1000000",
                                       "polar.request_timeout=2s",
                                       "storage.plugin_dir=" RECKONER_PLUGIN_FOLDER};
  settings.push_back("polar.webhook_secret=" + std::string(kWebhookSecret));
  settings.insert(settings.end(), settings_.begin(), settings_.end());
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  for (const std::string& setting : settings) {
    arguments.push_back("--set");
    arguments.push_back(setting);
  }
  if (options.take_over) arguments.push_back("--takeover");
  const std::string number = std::to_string(++launched_);
  return std::make_unique<Background>(folder().file(""), arguments, said_.file("out" + number),
                                      said_.file("said" + number), options.environment);
}

bool Stand::await_ready() {
  if (!engine_->has_said(" ready ")) return false;
  const std::string line = line_with(engine_->said(), " listening ");
  url_ = "http://127.0.0.1:" + std::to_string(number_in(line, "port"));
  return true;
}

void Stand::start(const EngineOptions& options) {
  begin(options);
  const bool ready = await_ready();
  INFO(engine_->said());
  REQUIRE(ready);
  if (key_.empty()) make_key();
}

void Stand::make_key() {
  const Ran made = reckoner("keys create --scope usage,read,admin --url sqlite:store.db");
  INFO(made.said);
  REQUIRE(made.code == 0);
  key_ = made.out.substr(0, made.out.find('\n'));
  // The engine reads the keys from time to time.
  while (get("/api/v1/customers").status == 401)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

std::optional<int> Stand::stop() {
  engine_->send(SIGTERM);
  return engine_->wait();
}

std::vector<bj::object> Stand::charges(const std::string& status) {
  std::vector<bj::object> out;
  std::string cursor;
  do {
    std::string path = "/api/v1/charges?limit=1000&status=" + status;
    if (!cursor.empty()) path += "&cursor=" + cursor;
    const Answer answer = get(path);
    INFO(answer.status << ' ' << answer.body << answer.why);
    REQUIRE(answer.ok());
    const bj::object page = answer.json();
    for (const bj::value& item : page.at("items").as_array()) out.push_back(item.as_object());
    const bj::value& next = page.at("next");
    cursor = next.is_string() ? std::string(next.as_string()) : "";
  } while (!cursor.empty());
  return out;
}

bool Stand::await_settled() {
  const auto until = SteadyClock::now() + std::chrono::minutes(1);
  while (!charges("pending").empty() || !charges("unknown").empty()) {
    if (SteadyClock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

std::int64_t Stand::at_ready(const std::string& name) const {
  return number_in(line_with(engine_->said(), " ready "), name);
}

}  // namespace reckoner::e2e
