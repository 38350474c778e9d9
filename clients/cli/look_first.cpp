#include "clients/cli/look_first.h"

#include "events/text/folding.h"

#include <unistd.h>

#include <iostream>

namespace clients {

using events::Result;

void declare_look(CommandOptions& command, LookFirst& look) {
  command.add_flag("--yes", look.yes, "Đã xem kỹ: ghi mà không hỏi lại");
  command.add_flag("--dry-run", look.dry_run, "Chỉ xem trước, không ghi gì");
}

bool can_ask(const Session& session) {
  return !session.options().json && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

std::optional<std::string> ask_line(std::string_view question) {
  std::cout << question << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

Result<Decision> decide(Session& session, const LookFirst& look, std::string_view question,
                        bool must_look) {
  if (look.dry_run) {
    if (!session.options().json) print(session.out(), "Chỉ xem trước: không ghi gì cả.\n");
    return Decision::stop;
  }
  if (look.yes) return Decision::go_on;
  if (!can_ask(session)) {
    if (!must_look) return Decision::go_on;
    return usage_error("Việc này cần người xem trước: hãy xem bằng --dry-run, rồi ghi bằng --yes.");
  }
  const std::optional<std::string> line = ask_line(std::string(question) + " [c/K] ");
  const std::string answer = events::folded(line.value_or(""));
  if (answer == "c" || answer == "có" || answer == "co") return Decision::go_on;
  print(session.out(), "Không ghi gì cả.\n");
  return Decision::stop;
}

int exit_of_stop(const LookFirst& look) { return look.dry_run ? exit_ok : exit_refused; }

}  // namespace clients
