#include "network/owner_only.h"
#include "tools/audit/commands.h"

#include <iostream>

int main(int argument_count, char** arguments) {
  network::keep_files_to_owner();
  return audit::run(argument_count, arguments, std::cout, std::cerr);
}
