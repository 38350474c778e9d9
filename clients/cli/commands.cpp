#include "clients/cli/commands.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace clients {

int run_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  CommandLine line;
  line.app.require_subcommand(1);
  line.app.name("khuyenhoc");
  line.app.set_help_flag("-h,--help", "In trợ giúp");
  line.app.add_option("--home", line.options.home, "Thư mục của thiết bị")
      ->required()
      ->envname("KHUYENHOC_HOME");
  line.app.add_option("--actor", line.options.actor, "Mã người đang làm việc");
  line.app.add_option("--business-date", line.options.business_date,
                      "Ngày ghi trên giấy (mặc định: hôm nay)");
  line.app.add_flag("--json", line.options.json, "In JSON cho máy đọc");
  line.app.add_flag("--without-role", line.options.without_role,
                    "Vẫn ghi khi người làm chưa có vai trò trên thiết bị này; việc sẽ phải chờ");
  line.app.footer(
      "Mọi lệnh đều chạy được khi không có mạng, trừ init, enrol, sync và watch.\n"
      "Mã kết thúc: 0 xong, 1 bị quy tắc từ chối, 2 dùng sai, 3 mạng, 4 lưu trữ.\n"
      "Trợ giúp của từng lệnh: khuyenhoc LỆNH --help");
  add_connection_commands(line);
  add_status_commands(line);
  add_list_commands(line);
  add_register_commands(line);
  add_dossier_commands(line);
  add_document_commands(line);
  add_hold_commands(line);
  add_unit_commands(line);
  add_rulebook_commands(line);
  add_access_commands(line);

  try {
    line.app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    if (wrong.get_exit_code() == 0) return line.app.exit(wrong, out, err);
    fmt::print(err, "Lỗi: Lệnh viết chưa đúng; xem khuyenhoc --help. [usage: {}]\n", wrong.what());
    return exit_usage;
  }

  Session session(line.options, out);
  const events::Result<int> done = line.chosen(session);
  if (done) return *done;
  print_error(err, done.error(), session.advice());
  return exit_code_of(done.error().code);
}

}  // namespace clients
