#pragma once

namespace server {

/// `khuyenhoc-server repair`.  The exit code: 0 done, 1 failed, 2 wrong use, 3 not over yet.
int run_repair(int argc, const char* const* argv);

}  // namespace server
