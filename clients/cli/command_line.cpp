#include "clients/cli/command_line.h"

#include "clients/core/nearest.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace clients {

DeclaredOption& DeclaredOption::required() {
  option_->required();
  return *this;
}

DeclaredOption& DeclaredOption::delimiter(char separator) {
  option_->delimiter(separator);
  return *this;
}

DeclaredOption CommandOptions::add_option(const std::string& names, std::string& target,
                                          const std::string& what) {
  return DeclaredOption(*command_->add_option(names, target, what));
}

DeclaredOption CommandOptions::add_option(const std::string& names,
                                          std::vector<std::string>& target,
                                          const std::string& what) {
  return DeclaredOption(*command_->add_option(names, target, what));
}

DeclaredOption CommandOptions::add_option(const std::string& names, std::uint16_t& target,
                                          const std::string& what) {
  return DeclaredOption(*command_->add_option(names, target, what));
}

DeclaredOption CommandOptions::add_option(const std::string& names, std::uint32_t& target,
                                          const std::string& what) {
  return DeclaredOption(*command_->add_option(names, target, what));
}

DeclaredOption CommandOptions::add_option(const std::string& names, std::uint64_t& target,
                                          const std::string& what) {
  return DeclaredOption(*command_->add_option(names, target, what));
}

DeclaredOption CommandOptions::add_size(const std::string& names, std::uint64_t& target,
                                        const std::string& what) {
  return DeclaredOption(
      *command_->add_option(names, target, what)->transform(CLI::AsSizeValue(false)));
}

void CommandOptions::add_flag(const std::string& names, bool& target, const std::string& what) {
  command_->add_flag(names, target, what);
}

DeclaredOption CommandOptions::option(const std::string& name) {
  return DeclaredOption(*command_->get_option(name));
}

CommandLine::CommandLine()
    : app_(std::make_unique<CLI::App>(
          "khuyenhoc — ghi nhận danh hiệu học tập, làm việc cả khi không có mạng")) {
  app_->require_subcommand(1);
  app_->name("khuyenhoc");
  app_->set_help_flag("-h,--help", "In trợ giúp");
  app_->add_option("--home", options.home, "Thư mục của thiết bị")->envname("KHUYENHOC_HOME");
  app_->add_option("--actor", options.actor, "Mã người đang làm việc");
  app_->add_option("--business-date", options.business_date,
                   "Ngày ghi trên giấy (mặc định: hôm nay)");
  app_->add_option("--pin-file", options.pin_file,
                   "Tệp có mã PIN ở dòng đầu (hoặc biến KHUYENHOC_PIN)");
  app_->add_option("--key-file", options.key_file,
                   "Tệp khoá của thiết bị (hoặc biến KHUYENHOC_KEY_FILE)");
  app_->add_flag("--json", options.json, "In JSON cho máy đọc");
  app_->add_flag("--without-role", options.without_role,
                 "Vẫn ghi khi người làm chưa có vai trò trên thiết bị này; việc sẽ phải chờ");
  app_->footer(
      "Mọi lệnh đều chạy được khi không có mạng, trừ init, enrol, sync, watch và bundle deliver.\n"
      "Mã kết thúc: 0 xong, 1 bị từ chối, 2 dùng sai, 3 mạng, 4 lưu trữ.\n"
      "Với --json, lỗi là {\"error\":{\"code\":…,\"exit\":…}} ở đầu ra, câu giải thích ở đầu lỗi.\n"
      "Trợ giúp của từng lệnh: khuyenhoc LỆNH --help");
}

CommandLine::~CommandLine() = default;

void CommandLine::add_group(const std::string& name, const std::string& what,
                            const std::string& examples) {
  CLI::App* const group = app_->add_subcommand(name, what);
  group->fallthrough();
  group->require_subcommand(1);
  group->footer("Ví dụ:\n" + examples);
}

CommandOptions CommandLine::add_command(const std::string& name, const std::string& what,
                                        const std::string& examples,
                                        std::function<void()> on_chosen) {
  const std::size_t blank = name.find(' ');
  const bool is_grouped = blank != std::string::npos;
  CLI::App* const parent = is_grouped ? app_->get_subcommand(name.substr(0, blank)) : app_.get();
  CLI::App* const command =
      parent->add_subcommand(is_grouped ? name.substr(blank + 1) : name, what);
  command->fallthrough();
  command->footer("Ví dụ:\n" + examples);
  command->callback(std::move(on_chosen));
  return CommandOptions(*command);
}

namespace {

/// An option that was given as "" or as blanks; null for none.
const CLI::Option* blank_option(const CLI::App& app) {
  for (const CLI::Option* const option : app.get_options()) {
    for (const std::string& value : option->results()) {
      if (value.find_first_not_of(" \t") == std::string::npos) return option;
    }
  }
  for (const CLI::App* const command : app.get_subcommands()) {
    if (const CLI::Option* const option = blank_option(*command)) return option;
  }
  return nullptr;
}

/// The word that stands where a command should, with what it may have meant; empty when there is
/// none.
std::string unknown_command(const CLI::App& app) {
  const CLI::App* place = &app;
  while (!place->get_subcommands().empty()) place = place->get_subcommands().front();
  const std::vector<const CLI::App*> known =
      place->get_subcommands([](const CLI::App*) { return true; });
  const std::vector<std::string> words = app.remaining(true);
  const auto word = std::ranges::find_if(
      words, [](const std::string& text) { return !text.empty() && text[0] != '-'; });
  if (known.empty() || word == words.end()) return {};
  std::vector<std::string> names;
  for (const CLI::App* const command : known) names.push_back(command->get_name());
  return "Không có lệnh “" + *word + "”." + did_you_mean_vi(*word, names);
}

}  // namespace

std::optional<int> CommandLine::parse(int argc, const char* const* argv, std::ostream& out,
                                      std::ostream& err) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    if (wrong.get_exit_code() == 0) return app_->exit(wrong, out, err);
    const std::string unknown = unknown_command(*app_);
    err << "Lỗi: " << (unknown.empty() ? "Lệnh viết chưa đúng;" : unknown)
        << " Xem khuyenhoc --help. [usage: " << wrong.what() << "]\n";
    return exit_usage;
  }
  if (const CLI::Option* const blank = blank_option(*app_)) {
    err << "Lỗi: " << blank->get_name()
        << " đang để trống; hãy ghi rõ, hoặc bỏ hẳn khi không có. [invalid_argument]\n";
    return exit_usage;
  }
  if (needs_home && options.home.empty()) {
    err << "Lỗi: Hãy cho biết thư mục của thiết bị bằng --home. [usage: --home is required]\n";
    return exit_usage;
  }
  return {};
}

}  // namespace clients
