#pragma once

#include "events/base/result.h"
#include "platform/net/tls_server.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace server {

/// A certificate that ends within so many days is spoken of once a day.
inline constexpr int certificate_warning_days = 30;

/// Whether the certificate holds at `now`.
/// Errors:  invalid_argument: it has ended or has not begun.
events::Result<void> check_holds(const network::TlsServer::Validity& validity,
                                 std::chrono::system_clock::time_point now);
/// What the operator should know of its end, one sentence; nothing when that is far away.
std::optional<std::string> certificate_note(const network::TlsServer::Validity& validity,
                                            std::chrono::system_clock::time_point now);

/// Reads the certificate and its key again when they were replaced: looks once a minute, and at
/// once after SIGHUP.  A pair that is no good is logged, and the old one stays.  When the
/// certificate ends soon, the log says so once a day.
///
/// Thread: the executor's.
/// Lifetime: `tls` outlives the watch.
class CertificateWatch {
 public:
  CertificateWatch(const boost::asio::any_io_executor& executor, network::TlsServer& tls);

 private:
  void wait_for_signal();
  void wait_for_minute();
  void reload();
  void warn_of_end();

  network::TlsServer& tls_;
  boost::asio::signal_set hang_up_;
  boost::asio::steady_timer minute_;
  std::chrono::sys_days warned_on_{};
};

}  // namespace server
