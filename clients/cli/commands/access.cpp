#include "clients/core/acts/access.h"

#include "clients/cli/commands.h"
#include "clients/cli/look_first.h"
#include "clients/cli/output/qr_code.h"
#include "clients/cli/output/words.h"
#include "clients/core/acts/invitation.h"
#include "clients/core/acts/only_reading.h"
#include "events/crypto/digest.h"
#include "platform/clock.h"
#include "platform/random.h"
#include "projections/texts/texts.h"

#include <unistd.h>

#include <ostream>
#include <utility>

// Commands about roles and devices: grant, revoke, invite, device-revoke, quota-raise.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

struct GrantOptions {
  std::string person, role, unit, from, to, basis;
};

Result<int> run_grant(Session& session, const GrantOptions& options) {
  acts::NewGrant granted;
  const Result<events::PersonId> person = session.person(options.person);
  if (!person) return person.error();
  const Result<events::Role> role = parse_word<events::Role>(options.role);
  if (!role) return role.error();
  granted.person = *person;
  granted.role = *role;
  if (!options.unit.empty()) {
    const Result<events::UnitId> unit = session.unit(options.unit);
    if (!unit) return unit.error();
    granted.unit = *unit;
  }
  const Result<events::Day> from =
      options.from.empty() ? session.business_day() : parse_business_day(options.from);
  if (!from) return from.error();
  granted.valid_from = *from;
  if (!options.to.empty()) {
    const Result<events::Day> to = parse_business_day(options.to);
    if (!to) return to.error();
    granted.valid_to = *to;
  }
  granted.basis = options.basis;
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::grant_role(draft, occasion, granted);
  });
}

struct RevokeOptions {
  std::string grant, effective, basis;
  LookFirst look;
};

/// Shows the role that ends.
Result<Decision> look_at_grant(Session& session, const LookFirst& look, events::RoleGrantId id,
                               events::Day effective) {
  const Workspace& workspace = (*session.device())->workspace();
  const Result<const projections::Grant*> grant = acts::grant_of(workspace.pending(), id);
  if (!grant) return grant.error();
  const projections::Grant& row = **grant;
  if (!session.options().json) {
    print(session.out(), "{} thôi vai trò {} ở {} từ ngày {}.\n",
          workspace.name_of(row.person.event), projections::name_vi(row.role),
          row.unit.is_none() ? "toàn bộ" : session.units_today().name_of(row.unit),
          day_vi(effective));
  }
  return decide(session, look, "Tiếp tục?", false);
}

Result<int> run_revoke(Session& session, const RevokeOptions& options) {
  const Result<events::EventId> grant = parse_event_id(options.grant);
  if (!grant) return grant.error();
  const Result<events::Day> effective =
      options.effective.empty() ? session.business_day() : parse_business_day(options.effective);
  if (!effective) return effective.error();
  if (const Result<Device*> opened = session.device(); !opened) return opened.error();
  const acts::GrantEnd end{events::RoleGrantId{*grant}, *effective, options.basis};
  const Result<Decision> decision = look_at_grant(session, options.look, end.grant, end.effective);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::revoke_role(draft, occasion, end);
  });
}

struct InviteOptions {
  std::vector<std::string> persons;
  std::uint32_t days = 7;
  std::string page_url;
};

/// The page's address as the command has it, with "/" behind it.
Result<std::string> read_page_url(std::string url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) {
    return usage_error(
        "Địa chỉ trang bắt đầu bằng https:// (hoặc http://localhost trên máy này): " + url);
  }
  if (url.find_first_of("#? ") != std::string::npos || url.size() > 200) {
    return usage_error("Địa chỉ trang chỉ gồm máy chủ và cổng, ví dụ https://so.example/: " + url);
  }
  if (!url.ends_with('/')) url.push_back('/');
  return url;
}

/// Shows where a browser enrols, for a telephone's camera too.
Result<void> show_page(Session& session, const std::string& address) {
  const Result<std::string> code = qr_lines(address, ::isatty(STDOUT_FILENO) == 1);
  if (!code) return code.error();
  print(session.out(), "Trên điện thoại hay trình duyệt, mở trang này để ghi danh:\n");
  session.out() << address << "\n\n" << *code;
  return {};
}

Result<int> run_invite(Session& session, const InviteOptions& options) {
  const Result<events::Timestamp> expires = acts::offer_end(options.days, platform::now());
  if (!expires) return expires.error();
  std::string page;
  if (!options.page_url.empty()) {
    const Result<std::string> url = read_page_url(options.page_url);
    if (!url) return url.error();
    page = *url;
  }
  acts::NewOffer offered;
  for (const std::string& text : options.persons) {
    const Result<events::PersonId> person = session.person(text);
    if (!person) return person.error();
    offered.persons.push_back(*person);
  }
  const std::string code = platform::new_code();
  offered.code_digest = events::sha256(events::bytes_of(code));
  offered.expires = *expires;
  const Result<Device*> device = session.device();
  if (!device) return device.error();
  const Invitation invitation = make_invitation(code, (*device)->replica().identity().server_key);
  const Result<acts::Occasion> occasion = session.occasion();
  if (!occasion) return occasion.error();
  acts::Draft draft((*device)->workspace());
  acts::offer_enrolment(draft, *occasion, offered);
  if (!page.empty()) {
    // Whoever only reads loads a smaller page.
    const projections::State& state = (*device)->workspace().pending();
    if (acts::only_read(state, offered.persons)) page += "?read";
    page += "#/enrol/" + invitation.spelled();
  }

  if (session.options().json) {
    const Result<RecordedTogether> done = session.try_record(draft);
    if (!done) return done.error();
    const bool stored = !done->refused;
    const Recorded& offer = done->recorded.front();
    json::object answer;
    answer["stored"] = stored;
    if (stored) answer["id"] = json_id(offer.id);
    if (stored) answer["code"] = invitation.spelled();
    if (stored && !page.empty()) answer["page"] = page;
    answer["expires"] = events::to_iso(*expires);
    answer["verdict"] = clients::json_of(offer.verdict);
    print_json(session.out(), answer);
    return stored ? exit_ok : exit_refused;
  }
  const Result<int> done = session.record(draft);
  if (!done || *done != exit_ok) return done;
  print(session.out(), "Mã mời: {} — dùng một lần, hết hạn {}.\n", invitation.spelled(),
        moment_vi(*expires));
  print(session.out(),
        "Hãy đưa đủ cả dãy: phần sau để thiết bị mới nhận ra đúng máy chủ của sổ này.\n");
  print(session.out(), "Mã chỉ hiện lần này. Hãy chạy lệnh sync rồi mới đưa mã.\n");
  if (!page.empty()) {
    if (const Result<void> shown = show_page(session, page); !shown) return shown.error();
  }
  return exit_ok;
}

struct DeviceRevokeOptions {
  std::string device, reason;
  LookFirst look;
};

/// Shows the device that is shut out.
Result<Decision> look_at_device(Session& session, const LookFirst& look, events::DeviceId id) {
  const Workspace& workspace = (*session.device())->workspace();
  const Result<const projections::Device*> device = acts::device_of(workspace.pending(), id);
  if (!device) return device.error();
  if (!session.options().json) {
    print(session.out(),
          "Thu hồi thiết bị “{}” (chuỗi {}), ghi danh {}: dữ liệu riêng trên đó sẽ "
          "bị xóa khi nó kết nối.\n",
          (*device)->label, (*device)->chain.value, moment_vi((*device)->enrolled_at));
  }
  return decide(session, look, "Tiếp tục?", false);
}

Result<int> run_device_revoke(Session& session, const DeviceRevokeOptions& options) {
  const Result<events::EventId> device = parse_event_id(options.device);
  if (!device) return device.error();
  if (const Result<Device*> opened = session.device(); !opened) return opened.error();
  const events::DeviceId id{*device};
  const Result<Decision> decision = look_at_device(session, options.look, id);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::revoke_device(draft, occasion, id, options.reason);
  });
}

struct QuotaRaiseOptions {
  std::string device, day;
  std::uint16_t factor = 2;
};

Result<int> run_quota_raise(Session& session, const QuotaRaiseOptions& options) {
  const Result<events::EventId> device = parse_event_id(options.device);
  if (!device) return device.error();
  const Result<events::Day> day =
      options.day.empty() ? session.business_day() : parse_business_day(options.day);
  if (!day) return day.error();
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::raise_quota(draft, occasion, events::DeviceId{*device}, *day, options.factor);
  });
}

}  // namespace

void add_access_commands(CommandLine& line) {
  add_command<GrantOptions>(
      line, "grant", "Giao vai trò cho một người ở một đơn vị",
      "  khuyenhoc --home admin grant --person 2.9 --unit 03316 --from 01/01/2025 \\\n"
      "    --role \"chủ tịch Hội Khuyến học cấp xã\" --basis \"QĐ 05\"",
      [](CommandOptions& command, GrantOptions& options) {
        command.add_option("--person", options.person, "Người: mã hoặc họ tên").required();
        command.add_option("--role", options.role, "Vai trò: " + words_of<events::Role>())
            .required();
        command.add_option("--unit", options.unit, "Đơn vị; không ghi: toàn bộ");
        command.add_option("--from", options.from, "Từ ngày (mặc định: ngày làm việc)");
        command.add_option("--to", options.to, "Ngày đầu tiên không còn; không ghi: không hạn");
        command.add_option("--basis", options.basis, "Văn bản giao");
      },
      run_grant);
  add_command<RevokeOptions>(
      line, "revoke", "Thôi giao một vai trò",
      "  khuyenhoc --home admin revoke 2.14 --effective 01/12/2025 --basis \"QĐ 60\"",
      [](CommandOptions& command, RevokeOptions& options) {
        command.add_option("grant", options.grant, "Mã giao vai trò, xem lệnh grants").required();
        command.add_option("--effective", options.effective,
                           "Ngày đầu tiên không còn (mặc định: ngày làm việc)");
        command.add_option("--basis", options.basis, "Văn bản");
        declare_look(command, options.look);
      },
      run_revoke);
  add_command<InviteOptions>(
      line, "invite", "Tạo mã mời để ghi danh một thiết bị",
      "  khuyenhoc --home admin invite --person 2.9 --person 2.10 --days 3\n"
      "  khuyenhoc --home admin invite --person 2.9 --page-url https://so.example/",
      [](CommandOptions& command, InviteOptions& options) {
        command.add_option("--person", options.persons, "Ai sẽ dùng thiết bị").required();
        command.add_option("--days", options.days, "Hạn dùng, từ 1 đến 60 ngày (mặc định 7)");
        command.add_option("--page-url", options.page_url,
                           "Địa chỉ trang của máy chủ: in thêm địa chỉ ghi danh và mã QR");
      },
      run_invite);
  add_command<DeviceRevokeOptions>(
      line, "device-revoke", "Thu hồi một thiết bị đã mất",
      "  khuyenhoc --home admin device-revoke 1.7 --reason \"mất máy\"",
      [](CommandOptions& command, DeviceRevokeOptions& options) {
        command.add_option("device", options.device, "Mã thiết bị, xem lệnh devices").required();
        command.add_option("--reason", options.reason, "Lý do").required();
        declare_look(command, options.look);
      },
      run_device_revoke);
  add_command<QuotaRaiseOptions>(
      line, "quota-raise", "Nâng hạn mức gửi của một thiết bị trong một ngày",
      "  khuyenhoc --home admin quota-raise 1.7 --factor 5 --day 30/11/2025",
      [](CommandOptions& command, QuotaRaiseOptions& options) {
        command.add_option("device", options.device, "Mã thiết bị, xem lệnh devices").required();
        command.add_option("--factor", options.factor, "Gấp mấy lần hạn mức thường, 2 đến 20");
        command.add_option("--day", options.day, "Ngày được nâng (mặc định: ngày làm việc)");
      },
      run_quota_raise);
}

}  // namespace clients
