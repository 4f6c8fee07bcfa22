#include "actors/service/telling.hpp"

namespace reckoner::service {

void tell_access(log::Log& log, const http::api::AccessRecord& record) {
  const log::Level level = record.status >= 500   ? log::Level::warning
                           : record.status >= 400 ? log::Level::info
                                                  : log::Level::debug;
  if (!log.enabled(level)) return;
  const log::Field fields[] = {{"request_id", record.request_id},
                               {"method", record.method},
                               {"route", record.route},
                               {"status", record.status},
                               {"took_us", record.duration.count()},
                               {"bytes_in", record.bytes_in},
                               {"bytes_out", record.bytes_out},
                               {"remote", record.remote},
                               {"customer_id", record.customer_id},
                               {"key_id", record.key_id}};
  log.write(level, "request", fields);
}

void OpeningProgress::operator()(std::uint64_t done, std::uint64_t total, std::string_view what) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::seconds(2);
  log_->info("opening", {{"what", what}, {"done", done}, {"total", total}});
}

}  // namespace reckoner::service
