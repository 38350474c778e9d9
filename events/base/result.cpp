#include "events/base/result.h"

namespace events {

const char* name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::bad_signature:
      return "bad_signature";
    case ErrorCode::gap:
      return "gap";
    case ErrorCode::fork:
      return "fork";
    case ErrorCode::not_enrolled:
      return "not_enrolled";
    case ErrorCode::revoked:
      return "revoked";
    case ErrorCode::private_missing:
      return "private_missing";
    case ErrorCode::wrong_log:
      return "wrong_log";
    case ErrorCode::log_diverged:
      return "log_diverged";
    case ErrorCode::not_permitted:
      return "not_permitted";
    case ErrorCode::enrolment_refused:
      return "enrolment_refused";
    case ErrorCode::storage_failed:
      return "storage_failed";
    case ErrorCode::storage_corrupt:
      return "storage_corrupt";
    case ErrorCode::storage_rolled_back:
      return "storage_rolled_back";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::busy:
      return "busy";
    case ErrorCode::closed:
      return "closed";
    case ErrorCode::timed_out:
      return "timed_out";
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::io_failed:
      return "io_failed";
    case ErrorCode::quota:
      return "quota";
    case ErrorCode::server_clock:
      return "server_clock";
    case ErrorCode::unproved_server:
      return "unproved_server";
    case ErrorCode::log_alarm:
      return "log_alarm";
    case ErrorCode::locked:
      return "locked";
    case ErrorCode::device_storage:
      return "device_storage";
    case ErrorCode::device_denied:
      return "device_denied";
  }
  return "unknown_error";
}

Error::Error() noexcept = default;
Error::Error(ErrorCode why, const char* what) : code(why), message(what) {}
Error::Error(ErrorCode why, std::string what) : code(why), message(std::move(what)) {}
Error::Error(const Error& other) = default;
Error::Error(Error&& other) noexcept = default;
Error& Error::operator=(const Error& other) = default;
Error& Error::operator=(Error&& other) noexcept = default;
Error::~Error() = default;

}  // namespace events
