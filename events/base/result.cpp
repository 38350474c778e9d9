#include "events/base/result.h"

namespace events {

const char* name_of(ErrorCode code) {
  // The words are literals, so that each ends in a NUL.
  return is_known(code) ? word_of(code).data() : "unknown_error";
}

}  // namespace events
