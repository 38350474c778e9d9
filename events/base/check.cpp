#include "events/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace events {

void fail_check(const char* condition, const char* why, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: CHECK(%s) failed: %s\n", file, line, condition, why);
  std::abort();
}

}  // namespace events
