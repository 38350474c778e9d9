#include "platform/owner_only.h"
#include "tools/audit/commands.h"

#include <iostream>

int main(int argument_count, char** arguments) {
  platform::keep_files_to_owner();
  const int ended = audit::run(argument_count, arguments, std::cout, std::cerr);
  std::cout.flush();
  if (std::cout) return ended;
  // A listing that a full disk cut must not pass for a whole one.
  std::cerr << "khuyenhoc-audit: not everything could be printed (device_storage)\n";
  return ended == 0 ? audit::exit_unreadable : ended;
}
