#include "server/channels/certificate_watch.h"

#include "events/base/time.h"
#include "server/base/logging.h"

#include <algorithm>
#include <csignal>
#include <cstdint>

namespace server {

using boost::system::error_code;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

std::string day_of(std::chrono::sys_seconds time) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  const auto count = std::max<std::int64_t>(since.count(), 0);
  return events::to_iso(events::Timestamp{static_cast<std::uint64_t>(count)});
}

}  // namespace

Result<void> check_holds(const network::TlsServer::Validity& validity,
                         std::chrono::system_clock::time_point now) {
  if (now >= validity.until) {
    return Error{ErrorCode::invalid_argument,
                 "the certificate ended on " + day_of(validity.until) +
                     ": every device would refuse it; renew it, or start with "
                     "--allow-expired-certificate while you repair"};
  }
  if (now < validity.from) {
    return Error{ErrorCode::invalid_argument,
                 "the certificate begins on " + day_of(validity.from) +
                     " and this machine's clock is before that; set the clock, or start with "
                     "--allow-expired-certificate while you repair"};
  }
  return {};
}

std::optional<std::string> certificate_note(const network::TlsServer::Validity& validity,
                                            std::chrono::system_clock::time_point now) {
  if (const Result<void> holds = check_holds(validity, now); !holds) return holds.error().message;
  const auto left = std::chrono::floor<std::chrono::days>(validity.until - now).count();
  if (left >= certificate_warning_days) return std::nullopt;
  return "the certificate ends in " + std::to_string(left) + " days, on " + day_of(validity.until);
}

CertificateWatch::CertificateWatch(const boost::asio::any_io_executor& executor,
                                   network::TlsServer& tls)
    : tls_(tls), hang_up_(executor, SIGHUP), minute_(executor) {
  warn_of_end();
  wait_for_signal();
  wait_for_minute();
}

void CertificateWatch::wait_for_signal() {
  hang_up_.async_wait([this](const error_code& error, int) {
    if (error) return;
    reload();
    wait_for_signal();
  });
}

void CertificateWatch::wait_for_minute() {
  minute_.expires_after(std::chrono::minutes(1));
  minute_.async_wait([this](const error_code& error) {
    if (error) return;
    if (tls_.files_changed()) reload();
    warn_of_end();
    wait_for_minute();
  });
}

void CertificateWatch::reload() {
  if (const Result<void> done = tls_.reload(); !done) {
    log_error("certificate_refused", {{"error", done.error().message}});
  } else {
    log_info("certificate_loaded", {{"valid_until", tls_.valid_until()}});
    warned_on_ = {};
    warn_of_end();
  }
}

void CertificateWatch::warn_of_end() {
  const auto now = std::chrono::system_clock::now();
  const auto today = std::chrono::floor<std::chrono::days>(now);
  if (today == warned_on_) return;
  const std::optional<std::string> note = certificate_note(tls_.validity(), now);
  if (!note) return;
  warned_on_ = today;
  log_warning("certificate_ends", {{"note", *note}});
}

}  // namespace server
