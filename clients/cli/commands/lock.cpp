#include "clients/cli/commands.h"
#include "clients/cli/secret_input.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

// The command that locks a device: lock set, change, remove, status.

namespace clients {

using events::Result;

namespace {

struct LockOptions {
  std::string action;
  bool pin = false;
  std::string new_pin_file;
  std::string new_key_file;
};

std::string_view lock_name_vi(LockKind kind) {
  switch (kind) {
    case LockKind::none:
      return "không";
    case LockKind::pin:
      return "mã PIN";
    case LockKind::key_file:
      return "tệp khóa";
  }
  return "";
}

std::string_view word_of_lock(LockKind kind) {
  switch (kind) {
    case LockKind::none:
      return "none";
    case LockKind::pin:
      return "pin";
    case LockKind::key_file:
      return "key_file";
  }
  return "";
}

Result<LockSecret> typed_new_pin() {
  Result<LockSecret> first = typed_pin("Mã PIN mới: ");
  if (!first) return first;
  const Result<LockSecret> again = typed_pin("Gõ lại mã PIN mới: ");
  if (!again) return again.error();
  if (first->content != again->content) {
    return usage_error("Hai lần gõ không giống nhau; thiết bị vẫn như trước.");
  }
  return first;
}

/// What is to open the device from now on.
Result<LockSecret> wanted_secret(const Session& session, const LockOptions& options) {
  if (!options.new_key_file.empty()) return key_file_secret(options.new_key_file, true);
  if (!options.new_pin_file.empty()) {
    Result<std::optional<LockSecret>> given = given_secret({options.new_pin_file, {}});
    if (!given) return given.error();
    return std::move(**given);
  }
  const bool first_lock = options.action == "set";
  // With `change`, the options and the environment say what opens it now.
  if (first_lock && !options.pin && !session.options().key_file.empty()) {
    return key_file_secret(session.options().key_file, true);
  }
  if (first_lock) {
    Result<std::optional<LockSecret>> given = given_secret({session.options().pin_file, {}});
    if (!given) return given.error();
    if (*given && (*given)->kind == LockKind::pin) return std::move(**given);
  }
  return typed_new_pin();
}

Result<int> say_status(Session& session, const Keyring& keyring) {
  if (session.options().json) {
    boost::json::object answer;
    answer["lock"] = word_of_lock(keyring.lock());
    answer["locked"] = keyring.is_locked();
    answer["failures"] = keyring.failures();
    answer["passes"] = keyring.cost().passes;
    answer["kibibytes"] = keyring.cost().kibibytes;
    print_json(session.out(), answer);
    return exit_ok;
  }
  if (keyring.lock() == LockKind::none) {
    print(session.out(),
          "Thiết bị CHƯA đặt khóa: ai cầm được thư mục này đọc được họ tên và ký thay thiết bị.\n"
          "Hãy đặt khóa: khuyenhoc lock set --pin\n");
    return exit_ok;
  }
  print(session.out(),
        "Khóa bằng {}; {}. Sai {} lần liền. Mỗi lần thử: Argon2id {} lượt, {} MiB.\n",
        lock_name_vi(keyring.lock()), keyring.is_locked() ? "đang khóa" : "đang mở",
        keyring.failures(), keyring.cost().passes, keyring.cost().kibibytes / 1024);
  return exit_ok;
}

Result<int> set_lock(Session& session, Keyring& keyring, const LockOptions& options) {
  const Result<LockSecret> secret = wanted_secret(session, options);
  if (!secret) return secret.error();
  if (Result<void> good = check_new_secret(*secret); !good) return good.error();
  if (Result<void> set = keyring.set_lock(*secret); !set) return set.error();
  if (session.options().json) return say_status(session, keyring);
  print(session.out(),
        "Đã đặt khóa bằng {}. Từ nay mỗi lệnh đọc họ tên, ghi hoặc đồng bộ sẽ hỏi.\n",
        lock_name_vi(keyring.lock()));
  print(session.out(),
        "Hãy giữ kỹ: quên thì không ai mở lại được; việc đã đồng bộ vẫn còn ở máy chủ.\n");
  return exit_ok;
}

Result<int> run_lock(Session& session, const LockOptions& options) {
  if (options.action == "status") {
    const Result<Device*> device = session.device_as_it_is();
    if (!device) return device.error();
    return say_status(session, (*device)->keyring());
  }
  const bool known =
      options.action == "set" || options.action == "change" || options.action == "remove";
  if (!known) {
    return usage_error(
        fmt::format("“{}” không phải là set, change, remove hay status.", options.action));
  }
  if (options.action == "set") {
    const Result<Device*> before = session.device_as_it_is();
    if (!before) return before.error();
    if ((*before)->keyring().lock() != LockKind::none) {
      return usage_error("Thiết bị đã có khóa; hãy dùng lock change hoặc lock remove.");
    }
    return set_lock(session, (*before)->keyring(), options);
  }
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  Keyring& keyring = (*device)->keyring();
  if (options.action == "change") return set_lock(session, keyring, options);
  if (Result<void> removed = keyring.remove_lock(); !removed) return removed.error();
  return say_status(session, keyring);
}

}  // namespace

void add_lock_commands(CommandLine& line) {
  add_command<LockOptions>(
      line, "lock", "Khóa thiết bị bằng mã PIN hoặc tệp khóa: set, change, remove, status",
      "  khuyenhoc --home H lock set --pin\n"
      "  khuyenhoc --home H lock set --key-file /media/usb/may-xa.khoa\n"
      "  khuyenhoc --home H lock change --pin-file pin-cu --new-pin-file pin-moi\n"
      "  khuyenhoc --home H lock status",
      [](CommandOptions& command, LockOptions& options) {
        command.add_option("action", options.action, "set, change, remove hoặc status").required();
        command.add_flag("--pin", options.pin, "Khóa bằng mã PIN (mặc định)");
        command.add_option("--new-pin-file", options.new_pin_file,
                           "Tệp có mã PIN mới ở dòng đầu, thay cho việc gõ");
        command.add_option("--new-key-file", options.new_key_file,
                           "Tệp khóa mới; chưa có thì được tạo");
      },
      run_lock);
}

}  // namespace clients
