#include "clients/cli/command_line.h"

#include "clients/cli/output/help_page.h"
#include "clients/cli/output/terminal.h"
#include "clients/cli/version.h"
#include "clients/core/acts/nearest.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace clients {
namespace {

/// Longer lines are hard to read, however wide the terminal is.
constexpr std::size_t help_columns_max = 100;

}  // namespace

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
  app_->require_subcommand(0, 1);  // None asks how things stand.
  app_->name("khuyenhoc");
  app_->set_help_flag("-h,--help", "In trợ giúp");
  app_->set_version_flag("--version", std::string(version()), "In số phiên bản");
  app_->add_option("--home", options.home, "Thư mục của thiết bị (hoặc biến KHUYENHOC_HOME)")
      ->envname("KHUYENHOC_HOME");
  app_->add_option("--actor", options.actor, "Người đang làm việc: mã hoặc họ tên");
  app_->add_option("--business-date", options.business_date,
                   "Ngày ghi trên giấy (mặc định: hôm nay)");
  app_->add_option("--pin-file", options.pin_file,
                   "Tệp có mã PIN ở dòng đầu (hoặc biến KHUYENHOC_PIN)");
  app_->add_option("--key-file", options.key_file,
                   "Tệp khóa của thiết bị (hoặc biến KHUYENHOC_KEY_FILE)");
  app_->add_flag("--json", options.json, "In JSON cho máy đọc");
  app_->add_flag("--without-role", options.without_role,
                 "Vẫn ghi khi người làm chưa có vai trò trên thiết bị này; việc sẽ phải chờ");
  app_->footer(
      "Không ghi lệnh nào: xem thiết bị đang thế nào và bước tiếp theo.\n"
      "Mọi lệnh đều chạy được khi không có mạng, trừ init, enrol, sync, watch, follow\n"
      "và bundle deliver. Tên nhóm, vai trò, lý do … gõ có dấu hay không dấu đều được;\n"
      "các từ tiếng Anh của JSON cũng được hiểu.\n"
      "Mã kết thúc: 0 xong, 1 bị từ chối, 2 dùng sai, 3 mạng hoặc máy chủ,\n"
      "4 bộ nhớ của máy này, 5 lệnh khác đang dùng thiết bị (hoặc máy chủ bận),\n"
      "130 dừng bằng Ctrl-C khi chưa xong.\n"
      "Với --json, lỗi là {\"error\":{\"code\":…,\"exit\":…}} ở đầu ra, câu giải thích ở\n"
      "đầu lỗi. Trợ giúp của từng lệnh: khuyenhoc LỆNH --help");
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

const auto any_command = [](const CLI::App*) { return true; };

/// "--name", or what it is for an argument by its place.
std::string label_of(const CLI::Option& option) {
  return option.nonpositional() ? option.get_name() : "“" + option.get_description() + "”";
}

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

/// The command that was named last: what comes behind it is read by it.
const CLI::App& named_last(const CLI::App& app) {
  const CLI::App* place = &app;
  while (!place->get_subcommands().empty()) place = place->get_subcommands().front();
  return *place;
}

/// "bundle export"; empty for the program itself.
std::string path_of(const CLI::App& place) {
  if (place.get_parent() == nullptr) return {};
  const std::string before = path_of(*place.get_parent());
  return before.empty() ? place.get_name() : before + " " + place.get_name();
}

// ---- help ----

HelpRow row_of(const CLI::Option& option) {
  HelpRow row{option.nonpositional() ? option.get_name(false, true) : std::string{},
              option.get_description()};
  std::ranges::replace(row.name, ',', ' ');
  if (option.nonpositional() && option.get_items_expected_max() > 0) row.name += " …";
  if (option.get_required()) row.what += " (bắt buộc)";
  return row;
}

HelpPage page_of(const CLI::App& place) {
  const std::string words = path_of(place);
  HelpPage page;
  page.what = place.get_description();
  page.usage = "khuyenhoc " + (words.empty() ? "[LỰA CHỌN] LỆNH" : words);
  std::vector<HelpRow> commands;
  for (const CLI::App* const command : place.get_subcommands(any_command)) {
    commands.push_back({command->get_name(), command->get_description()});
  }
  HelpSection by_place{"Ghi ngay sau tên lệnh", {}};
  HelpSection by_name{"Lựa chọn", {}};
  for (const CLI::Option* const option : place.get_options()) {
    (option->nonpositional() ? by_name : by_place).rows.push_back(row_of(*option));
  }
  if (!words.empty()) {
    page.usage += commands.empty() ? "" : " LỆNH";
    page.usage += by_place.rows.empty() ? " [LỰA CHỌN]" : " … [LỰA CHỌN]";
  }
  page.sections = words.empty() ? sections_of_work(commands)
                                : std::vector<HelpSection>{{"Các lệnh", std::move(commands)}};
  page.sections.push_back(std::move(by_place));
  page.sections.push_back(std::move(by_name));
  page.footer = place.get_footer();
  return page;
}

void print_help(const CLI::App& place, std::ostream& out) {
  const std::size_t columns = std::min(output_columns().value_or(columns_usual), help_columns_max);
  for (const std::string& line : help_lines(page_of(place), columns)) out << line << '\n';
}

// ---- what is wrong ----

/// "khuyenhoc score --help".
std::string help_of(const CLI::App& place) {
  const std::string words = path_of(place);
  return words.empty() ? "khuyenhoc --help" : "khuyenhoc " + words + " --help";
}

std::vector<std::string> options_of(const CLI::App& place) {
  std::vector<std::string> names;
  for (const CLI::App* app = &place; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* const option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

/// A word that nothing reads: an option or a command that is not there, or one word too many.
/// Empty when there is none.
std::string unread_word(const CLI::App& app, const CLI::App& place) {
  const std::vector<std::string> words = app.remaining(true);
  const std::vector<const CLI::App*> commands = place.get_subcommands(any_command);
  for (const std::string& word : words) {
    if (word.size() < 2 || word[0] != '-') continue;
    if (word[1] >= '0' && word[1] <= '9') return "“" + word + "” nhỏ hơn 0; hãy ghi số từ 0.";
    const std::string name = word.substr(0, word.find('='));
    return "Không có lựa chọn “" + name + "”." + did_you_mean_vi(name, options_of(place));
  }
  if (words.empty()) return {};
  if (commands.empty()) {
    return "Thừa “" + words.front() + "”; tên có dấu cách phải đặt trong dấu ngoặc kép.";
  }
  std::vector<std::string> names;
  for (const CLI::App* const command : commands) names.push_back(command->get_name());
  return "Không có lệnh “" + words.front() + "”." + did_you_mean_vi(words.front(), names);
}

/// Everything that the command cannot do without; empty when all of it is there.
std::string missing_options(const CLI::App& place) {
  if (path_of(place).empty()) return {};
  std::string missing;
  for (const CLI::Option* const option : place.get_options()) {
    if (!option->get_required() || option->count() != 0) continue;
    missing += (missing.empty() ? "" : ", ") + label_of(*option);
    if (option->nonpositional()) missing += " (" + option->get_description() + ")";
  }
  if (!missing.empty()) return "Lệnh " + path_of(place) + " còn thiếu: " + missing + ".";
  for (const CLI::App* const command : place.get_subcommands(any_command)) {
    missing += (missing.empty() ? "" : ", ") + command->get_name();
  }
  return missing.empty() ? std::string{}
                         : "Lệnh " + path_of(place) + " cần thêm một trong: " + missing + ".";
}

/// The option whose value cannot be read; null when `wrong` is about something else.
const CLI::Option* option_in(const CLI::App& place, std::string_view wrong) {
  for (const CLI::App* app = &place; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* const option : app->get_options()) {
      if (wrong.find(option->get_name()) != std::string_view::npos) return option;
    }
  }
  return nullptr;
}

std::string wrong_value(const CLI::Option& option, const CLI::ParseError& wrong) {
  if (dynamic_cast<const CLI::ValidationError*>(&wrong) != nullptr) {
    return label_of(option) + " không đọc được; hãy ghi một cỡ như 500K, 500M hoặc 2G.";
  }
  if (dynamic_cast<const CLI::ConversionError*>(&wrong) == nullptr || option.results().empty()) {
    return label_of(option) + " phải có một giá trị, và chỉ ghi một lần.";
  }
  return "Giá trị “" + option.results().back() + "” của " + label_of(option) + " phải là số từ 0.";
}

/// One sentence about a line that cannot be read, and where to look.
std::string wrong_line(const CLI::App& app, const CLI::ParseError& wrong) {
  const CLI::App& place = named_last(app);
  std::string text = unread_word(app, place);
  const bool is_about_a_value = dynamic_cast<const CLI::ConversionError*>(&wrong) != nullptr ||
                                dynamic_cast<const CLI::ValidationError*>(&wrong) != nullptr ||
                                dynamic_cast<const CLI::ArgumentMismatch*>(&wrong) != nullptr;
  if (text.empty() && is_about_a_value) {
    const CLI::Option* const option = option_in(place, wrong.what());
    if (option != nullptr) text = wrong_value(*option, wrong);
  }
  if (text.empty()) text = missing_options(place);
  if (text.empty()) text = "Lệnh viết chưa đúng.";
  return text + " Xem: " + help_of(place);
}

}  // namespace

std::optional<int> CommandLine::parse(int argc, const char* const* argv, std::ostream& out,
                                      std::ostream& err) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::CallForVersion& asked) {
    out << "khuyenhoc " << asked.what() << '\n';
    return exit_ok;
  } catch (const CLI::CallForHelp&) {
    print_help(named_last(*app_), out);
    return exit_ok;
  } catch (const CLI::ParseError& wrong) {
    err << "Lỗi: " << wrong_line(*app_, wrong) << " [invalid_argument]\n";
    return exit_usage;
  }
  if (const CLI::Option* const blank = blank_option(*app_)) {
    err << "Lỗi: " << label_of(*blank)
        << " đang để trống; hãy ghi rõ, hoặc bỏ hẳn khi không có. [invalid_argument]\n";
    return exit_usage;
  }
  const bool is_overview = app_->get_subcommands().empty();
  if (needs_home && options.home.empty() && !is_overview) {
    err << "Lỗi: Hãy cho biết thư mục của thiết bị bằng --home, hoặc đặt biến KHUYENHOC_HOME. "
           "[invalid_argument]\n";
    return exit_usage;
  }
  return {};
}

}  // namespace clients
