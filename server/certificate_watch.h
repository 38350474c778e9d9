#pragma once

#include "network/tls_server.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace server {

/// Reads the certificate and its key again when they were replaced: looks once a minute, and at
/// once after SIGHUP.  A pair that is no good is logged, and the old one stays.
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

  network::TlsServer& tls_;
  boost::asio::signal_set hang_up_;
  boost::asio::steady_timer minute_;
};

}  // namespace server
