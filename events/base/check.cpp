#include "events/base/check.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace events {

void fail_check(const char* condition, const char* why, const char* file, int line) {
  std::array<char, 12> digits{};
  std::to_chars(digits.data(), digits.data() + digits.size() - 1, line);
  const std::initializer_list<const char*> parts{file,      ":",          digits.data(), ": CHECK(",
                                                 condition, ") failed: ", why,           "\n"};
  for (const char* const part : parts) std::fputs(part, stderr);
  std::abort();
}

}  // namespace events
