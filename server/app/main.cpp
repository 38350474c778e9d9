#include "platform/owner_only.h"
#include "server/app/application.h"
#include "server/app/config.h"
#include "server/app/data_commands.h"
#include "server/base/logging.h"

#include <cstdio>

int main(int argc, char** argv) {
  platform::keep_files_to_owner();
  server::start_logging();
  if (const std::optional<int> done = server::run_data_command(argc, argv)) return *done;
  int exit_code = 0;
  const std::optional<server::Config> config = server::read_command_line(argc, argv, &exit_code);
  if (!config) return exit_code;

  const auto application = server::Application::open(*config);
  if (!application) {
    std::fprintf(stderr, "khuyenhoc-server: %s: %s\n", events::name_of(application.error().code),
                 application.error().message.c_str());
    return 1;
  }
  (*application)->run();
  return 0;
}
