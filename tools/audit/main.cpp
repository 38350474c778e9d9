#include "tools/audit/commands.h"

#include <iostream>

int main(int argument_count, char** arguments) {
  return audit::run(argument_count, arguments, std::cout, std::cerr);
}
