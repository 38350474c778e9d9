#pragma once

#include "events/base/result.h"
#include "platform/net/transport.h"

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace network {

/// A device's end of TLS 1.3: whom it trusts, and the session it may resume.
///
/// Thread: one at a time.
class TlsClient {
 public:
  /// `authorities`: the roots to trust, in PEM; the system's when empty.
  /// Errors:  invalid_argument: no certificate in it.
  static events::Result<std::unique_ptr<TlsClient>> make(const std::string& authorities);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// The state of a connection to `host`, whose name or address the certificate must bear.
  /// `session`: what ticket() gave after an earlier connection; another's or a broken one is no
  /// harm.
  SslPointer connect(const std::string& host, const std::string& session);
  /// The last ticket that came; empty while none has.
  const std::string& ticket() const { return ticket_; }

 private:
  TlsClient();
  events::Result<void> trust(const std::string& authorities);

  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::string ticket_;
};

/// Whether the certificate that was refused fails only for the time: it is not valid yet, or not
/// any more, by this machine's clock.
bool failed_for_its_time(const Transport& transport);
/// Whether the handshake failed because of the certificate.
bool failed_for_certificate(const Transport& transport);

}  // namespace network
