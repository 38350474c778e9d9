#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace events {

/// Why an operation failed, for the caller or the operator.  The numbers stand in ERROR and NAK
/// frames, for ever; 0 is never an error.
enum class ErrorCode : std::uint16_t {
  malformed = 1,             ///< The bytes break their grammar.
  too_large = 2,             ///< Longer than a limit of docs/protocol.md or docs/log_format.md.
  unsupported = 3,           ///< A form, codec, version or frame kind this build does not read.
  bad_signature = 4,         ///< An Ed25519 signature does not verify.
  gap = 5,                   ///< Events between the known head of the chain and these are missing.
  fork = 6,                  ///< Another event already has this (chain, seq).
  not_enrolled = 7,          ///< The chain is unknown to the log.
  revoked = 8,               ///< The device was revoked.
  private_missing = 9,       ///< An event names a private record the server does not hold.
  wrong_log = 10,            ///< The frame or cursor names another log.
  log_diverged = 11,         ///< A cursor's fingerprint is not the log's: one side was rewritten.
  not_permitted = 12,        ///< The reader has no role for what it asks.
  enrolment_refused = 13,    ///< The one-time code is wrong, spent or expired.
  storage_failed = 14,       ///< The disk or database failed; nothing more is accepted.
  storage_corrupt = 15,      ///< Stored bytes are not what was written.
  storage_rolled_back = 16,  ///< The database is older than its high-water file.
  not_found = 17,            ///< What was asked for does not exist.
  busy = 18,                 ///< Too much at once; try again later.
  closed = 19,               ///< The other side closed the connection.
  timed_out = 20,            ///< The other side said nothing in time.
  invalid_argument = 21,     ///< A command or configuration value is wrong.
  io_failed = 22,            ///< A file or socket operation failed.
  quota = 23,                ///< More than one device may put in; no build answers it yet.
  server_clock = 24,         ///< The server's clock is wrong: nothing is judged by it.
  unproved_server = 25,      ///< The server did not prove that it holds the log's key.
  log_alarm = 26,            ///< The log is not the one that its key has signed before.
  locked = 30,               ///< The device is locked: a PIN or key file opens it.
  device_storage = 31,       ///< This device's disk is full or cannot be written; nothing was kept.
  device_denied = 32,        ///< This user may not read the folder of the device.
};

/// The stable English name of `code`, e.g. "private_missing".
const char* name_of(ErrorCode code);

/// A failed operation.  `message` is English for logs and operators and holds no personal data.
struct Error {
  ErrorCode code{};
  std::string message;
};

/// Thrown only by `Result::value()` on an error, which is a mistake of the caller.
class BadResult : public std::exception {
 public:
  explicit BadResult(const Error& error) : what_(error.message) {}
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw BadResult(error);
}

/// A value or an `Error`.
template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace events
