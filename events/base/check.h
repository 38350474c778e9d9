#pragma once

namespace events {

/// Prints the broken invariant to standard error and aborts.
[[noreturn]] void fail_check(const char* condition, const char* why, const char* file, int line);

}  // namespace events

/// Stops the program, in every build, when an invariant of the code itself does not hold.
/// `why` says why the condition always holds.  A CHECK never tests input from outside.
#define CHECK(condition, why)                                      \
  do {                                                             \
    if (!(condition)) [[unlikely]] {                               \
      ::events::fail_check(#condition, (why), __FILE__, __LINE__); \
    }                                                              \
  } while (false)
