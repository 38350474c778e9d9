#include "events/base/result.h"

namespace events {

const char* name_of(ErrorCode code) {
  // The words are literals, so that each ends in a NUL.
  return is_known(code) ? word_of(code).data() : "unknown_error";
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
