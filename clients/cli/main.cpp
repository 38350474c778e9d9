#include "clients/cli/commands.h"

#include <iostream>

int main(int argc, char** argv) {
  return clients::run_command_line(argc, argv, std::cout, std::cerr);
}
