#pragma once

namespace server {

/// `khuyenhoc-server clock`.  The exit code: 0 the clock may be believed, 1 failed, 2 wrong use,
/// 3 it may not.
int run_clock(int argc, const char* const* argv);

}  // namespace server
