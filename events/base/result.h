#pragma once

#include "events/base/enum_table.h"

#include <boost/system/result.hpp>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace events {

/// Why an operation failed, for the caller or the operator.  The numbers stand in the frames ERROR,
/// PUSH_NAK and BLOB_STATE and never change; 0 is never an error.
enum class ErrorCode : std::uint16_t {
  malformed = 1,             ///< The bytes break their grammar.
  too_large = 2,             ///< Longer than a limit of docs/protocol.md or docs/log_format.md.
  unsupported = 3,           ///< A form, codec, version or frame kind that this build cannot read.
  bad_signature = 4,         ///< An Ed25519 signature does not verify.
  gap = 5,                   ///< Events between the chain's known head and this block are missing.
  fork = 6,                  ///< Another event already has the same chain and seq.
  not_enrolled = 7,          ///< The log does not know the chain.
  revoked = 8,               ///< The device was revoked.
  private_missing = 9,       ///< An event names a private record that the server does not hold.
  wrong_log = 10,            ///< The frame or cursor names another log.
  log_diverged = 11,         ///< A cursor or hash does not fit the log: one side was rewritten.
  not_permitted = 12,        ///< The caller may not do this, or not at this time.
  enrolment_refused = 13,    ///< The code is wrong, spent or expired, or NEW_CHAIN is refused.
  storage_failed = 14,       ///< The disk or database failed; nothing more is accepted.
  storage_corrupt = 15,      ///< Stored bytes are not what was written.
  storage_rolled_back = 16,  ///< The database is older than its high-water file.
  not_found = 17,            ///< The thing that was asked for does not exist.
  busy = 18,                 ///< Too much is asked at once, or a repair runs; try again later.
  closed = 19,               ///< The other side closed the connection.
  timed_out = 20,            ///< The other side did not answer in time.
  invalid_argument = 21,     ///< A command or configuration value is wrong.
  io_failed = 22,            ///< A file or socket operation failed.
  quota = 23,                ///< The device has used up a quota, for example its events of a day.
  server_clock = 24,         ///< The server's clock is wrong, so the server judges nothing by it.
  unproved_server = 25,      ///< The server did not prove that it holds the log's key.
  log_alarm = 26,            ///< The log contradicts a statement that its key signed before.
  locked = 30,               ///< The device is locked: a PIN or key file opens it.
  device_storage = 31,       ///< This device's disk is full or cannot be written; nothing was kept.
  device_denied = 32,        ///< The operating system denies this user access to a file or folder.
  needs_signature = 33,      ///< The browser holds the device's key and has to sign first.
};
template <>
struct EnumTable<ErrorCode> {
  using enum ErrorCode;
  static constexpr EnumRow<ErrorCode> rows[] = {
      {malformed, "malformed"},
      {too_large, "too_large"},
      {unsupported, "unsupported"},
      {bad_signature, "bad_signature"},
      {gap, "gap"},
      {fork, "fork"},
      {not_enrolled, "not_enrolled"},
      {revoked, "revoked"},
      {private_missing, "private_missing"},
      {wrong_log, "wrong_log"},
      {log_diverged, "log_diverged"},
      {not_permitted, "not_permitted"},
      {enrolment_refused, "enrolment_refused"},
      {storage_failed, "storage_failed"},
      {storage_corrupt, "storage_corrupt"},
      {storage_rolled_back, "storage_rolled_back"},
      {not_found, "not_found"},
      {busy, "busy"},
      {closed, "closed"},
      {timed_out, "timed_out"},
      {invalid_argument, "invalid_argument"},
      {io_failed, "io_failed"},
      {quota, "quota"},
      {server_clock, "server_clock"},
      {unproved_server, "unproved_server"},
      {log_alarm, "log_alarm"},
      {locked, "locked"},
      {device_storage, "device_storage"},
      {device_denied, "device_denied"},
      {needs_signature, "needs_signature"},
  };
};

/// The stable English name of `code`, e.g. "private_missing".
const char* name_of(ErrorCode code);

/// A failed operation.  `message` is English for logs and operators and holds no personal data.
/// Results of every type hold one, so result.cpp alone defines what copies and destroys it: inline
/// it was a tenth of the code that a page has to load.
struct Error {
  ErrorCode code{};
  std::string message;

  Error() noexcept;
  Error(ErrorCode why, const char* what);
  Error(ErrorCode why, std::string what);
  Error(const Error& other);
  Error(Error&& other) noexcept;
  Error& operator=(const Error& other);
  Error& operator=(Error&& other) noexcept;
  ~Error();
};

/// Thrown only by `Result::value()` when the result is an error: a mistake of the caller.
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
