#include "server/app/data_commands.h"

#include "server/app/clock_command.h"
#include "server/app/control_socket.h"
#include "server/app/refuse_command.h"
#include "server/app/repair_command.h"
#include "server/app/token_command.h"
#include "server/backup/backup_service.h"
#include "server/backup/restore.h"
#include "server/base/data_directory.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace json = boost::json;

namespace {

constexpr const char* backup_footer = R"(
Examples:
  khuyenhoc-server backup --data /var/lib/khuyenhoc --to /backup/2026-11-22
  khuyenhoc-server backup --data /var/lib/khuyenhoc --to /backup/log-only --without-private

Works while the server runs and while it is stopped.  The target must not exist or be empty.  What
was copied is read back and verified; the last line says how far the saved log goes.
/backup/…/private and …/files hold names, numbers and papers of people: keep them for a shorter time
than the log, so that what was erased on order does not live on.  The server's key is not saved without --with-key.
Exit codes: 0 saved and whole, 1 not, 2 wrong use.)";

constexpr const char* restore_footer = R"(
Examples:
  khuyenhoc-server restore --from /backup/2026-11-22 --data /var/lib/khuyenhoc-new
  khuyenhoc-server restore --from /backup/2026-11-22 --data /var/lib/khuyenhoc-new --epoch 4

The backup is verified before anything is written.  The new data directory must not exist or be
empty.  Put server.key into it, unless the backup holds it, and start the server on it: devices give
back what the backup lacks, see khuyenhoc-server repair.  Until then the server accepts nothing new.
Restore a backup a second time with a higher --epoch than the first time.
Exit codes: 0 restored, 1 not, 2 wrong use.)";

/// On a terminal one line that moves; else nothing until the end.
void show_progress(const char* what, std::uint64_t done, std::uint64_t all) {
  if (::isatty(STDERR_FILENO) == 0) return;
  const std::uint64_t percent = all == 0 ? 100 : done * 100 / all;
  std::fprintf(stderr, "\r%s %llu %%   ", what, static_cast<unsigned long long>(percent));
  if (done >= all) std::fputs("\r\033[K", stderr);
}

int fail(const Error& error) {
  std::fprintf(stderr, "khuyenhoc-server: %s: %s\n", events::name_of(error.code),
               error.message.c_str());
  return error.code == ErrorCode::invalid_argument ? 2 : 1;
}

/// Reads the words behind the command; the exit code when there is nothing to do.
std::optional<int> parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

int run_backup(int argc, const char* const* argv) {
  std::string data;
  std::string to;
  bool with_key = false;
  bool without_private = false;
  CLI::App app(
      "Saves the log, the private records, the files of evidence and the tokens of other systems, "
      "and verifies the copy.",
      "khuyenhoc-server backup");
  app.footer(backup_footer);
  app.add_option("--data", data, "Directory of the server's data")->required()->type_name("DIR");
  app.add_option("--to", to, "New directory for the backup")->required()->type_name("DIR");
  app.add_flag("--with-key", with_key, "Save server.key, too: its holder can sign as the log");
  app.add_flag("--without-private", without_private, "Save the log only");
  if (const std::optional<int> ended = parse(app, argc, argv)) return *ended;

  const BackupRequest request{std::filesystem::absolute(to), !without_private, with_key};
  Result<json::object> done = ask_running_server(data, in_json(request), show_progress);
  if (!done && done.error().code == ErrorCode::not_found) {
    done = back_up_stopped(data, request, show_progress);
  }
  if (!done) return fail(done.error());
  std::printf("saved and whole: %s\n", done->at("head").as_string().c_str());
  return 0;
}

int run_restore(int argc, const char* const* argv) {
  std::string from;
  std::string data;
  std::uint32_t epoch = 0;
  CLI::App app("Makes new data of a server from a backup.", "khuyenhoc-server restore");
  app.footer(restore_footer);
  app.add_option("--from", from, "Directory of the backup")->required()->type_name("DIR");
  app.add_option("--data", data, "New directory for the server's data")
      ->required()
      ->type_name("DIR");
  app.add_option("--epoch", epoch, "Epoch of the restored log; the backup's plus 1 by default")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  if (const std::optional<int> ended = parse(app, argc, argv)) return *ended;

  RestoreRequest request{from, data, std::nullopt};
  if (epoch != 0) request.epoch = events::Epoch{epoch};
  const Result<Restored> restored = restore(request, show_progress);
  if (!restored) return fail(restored.error());
  std::printf("restored: log %u of %s, saved at %s\n", restored->backup.head.log.value,
              restored->backup.name.origin.c_str(),
              events::to_iso(restored->backup.taken_at).c_str());
  if (!restored->backup.has_key) {
    std::printf("put server.key into %s: without it the server does not start\n", data.c_str());
  }
  if (restored->backup.tokens) {
    std::printf(
        "tokens of other systems hold as they did then: revoke again what was revoked since\n");
  }
  std::printf("it heals from its devices when it is started: khuyenhoc-server repair --data %s\n",
              data.c_str());
  std::printf("epoch %u, %s\n", restored->epoch.value, in_words(restored->backup.head).c_str());
  return 0;
}

}  // namespace

std::optional<int> run_data_command(int argc, const char* const* argv) {
  if (argc < 2) return std::nullopt;
  const std::string_view command = argv[1];
  if (command == "backup") return run_backup(argc - 1, argv + 1);
  if (command == "restore") return run_restore(argc - 1, argv + 1);
  // "heal" is what it was called before; scripts of operators may say it.
  if (command == "repair" || command == "heal") return run_repair(argc - 1, argv + 1);
  if (command == "clock") return run_clock(argc - 1, argv + 1);
  if (command == "refuse") return run_refuse(argc - 1, argv + 1);
  if (command == "token") return run_token(argc - 1, argv + 1);
  return std::nullopt;
}

}  // namespace server
