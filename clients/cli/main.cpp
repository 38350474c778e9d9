#include "clients/cli/commands.h"
#include "platform/owner_only.h"

#include <iostream>

int main(int argc, char** argv) {
  platform::leave_no_core();
  return clients::run_command_line(argc, argv, std::cout, std::cerr);
}
