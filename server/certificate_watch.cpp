#include "server/certificate_watch.h"

#include "server/logging.h"

#include <chrono>
#include <csignal>

namespace server {

using boost::system::error_code;

CertificateWatch::CertificateWatch(const boost::asio::any_io_executor& executor,
                                   network::TlsServer& tls)
    : tls_(tls), hang_up_(executor, SIGHUP), minute_(executor) {
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
    wait_for_minute();
  });
}

void CertificateWatch::reload() {
  if (const events::Result<void> done = tls_.reload(); !done) {
    log_error("certificate_refused", {{"error", done.error().message}});
  } else {
    log_info("certificate_loaded", {{"valid_until", tls_.valid_until()}});
  }
}

}  // namespace server
