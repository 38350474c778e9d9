#pragma once

#include "events/base/result.h"
#include "platform/net/transport.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

struct ssl_ctx_st;

namespace network {

/// The server's end of TLS 1.3: a certificate and its key, from two files that may be replaced
/// while it runs.
///
/// State: the pair read last that was good; connections keep the one they began with.
/// Thread: any.
class TlsServer {
 public:
  /// `certificate`: the server's own, then those between it and the root; PEM, as is `key`.
  /// Errors:  io_failed: a file cannot be read; invalid_argument: it is not what it should be, or
  ///          the key is another certificate's; not_permitted: everybody on this machine may read
  ///          the key.
  static events::Result<std::unique_ptr<TlsServer>> open(std::filesystem::path certificate,
                                                         std::filesystem::path key);

  /// Reads both files again.  Devices go on resuming their sessions.
  /// Errors:  as open(); then the old pair stays.
  events::Result<void> reload();
  /// Whether a file was written since it was last read, or tried.
  bool files_changed() const;

  /// The state of a new connection.
  SslPointer accept() const;
  /// Day until which the certificate holds, as OpenSSL prints it.
  std::string valid_until() const;
  /// From when until when it holds.
  struct Validity {
    std::chrono::sys_seconds from;
    std::chrono::sys_seconds until;
  };
  Validity validity() const;

 private:
  using Context = std::shared_ptr<ssl_ctx_st>;
  struct Times {
    std::filesystem::file_time_type certificate;
    std::filesystem::file_time_type key;
    bool operator==(const Times&) const = default;
  };

  TlsServer(std::filesystem::path certificate, std::filesystem::path key)
      : certificate_(std::move(certificate)), key_(std::move(key)) {}
  events::Result<Context> load() const;
  Times times() const;

  std::filesystem::path certificate_;
  std::filesystem::path key_;
  mutable std::mutex mutex_;
  Context context_;
  Times read_;
};

}  // namespace network
