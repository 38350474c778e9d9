#pragma once

#include <optional>

namespace server {

/// Runs `backup`, `restore`, `heal`, `clock`, `refuse` or `token` when the first word is one of
/// them, and returns the exit code: 0 done, 1 failed, 2 wrong use, 3 a repair that is not over.
/// Nothing: the program is to serve.
std::optional<int> run_data_command(int argc, const char* const* argv);

}  // namespace server
