#include "platform/owner_only.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace platform {

void keep_files_to_owner() {
  ::umask(S_IRWXG | S_IRWXO);
  leave_no_core();
}

void leave_no_core() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)
  // A collector that the kernel feeds through a pipe does not ask for the limit.  The leak checker
  // has to look into its own process, so builds with it leave this out.
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace platform
