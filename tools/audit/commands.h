#pragma once

#include <iosfwd>

namespace audit {

/// What the program answers to the shell.
inline constexpr int exit_verified = 0;
inline constexpr int exit_problems = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_unreadable = 3;

/// The whole program: results go to `out`, progress and complaints to `log`.
int run(int argument_count, const char* const* arguments, std::ostream& out, std::ostream& log);

}  // namespace audit
