#include "clients/cli/output/connection_news.h"

#include "clients/cli/output/output.h"
#include "clients/device/connection_fault.h"
#include "platform/clock.h"

namespace clients {

void ConnectionNews::cut(const events::Error& why, std::chrono::milliseconds next_try) {
  const bool is_told = trouble_ && trouble_->code == why.code && trouble_->message == why.message;
  trouble_ = why;
  if (is_told) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(next_try).count();
  const std::optional<ConnectionFault> fault = fault_of(why);
  print(target_, "{} {}: {}tự thử lại sau {} giây. [{}: {}]\n", moment_vi(platform::now()),
        has_met_ ? "Mất kết nối với máy chủ" : "Chưa nối được với máy chủ",
        fault ? std::string(advice_vi(*fault)) + " Thiết bị " : std::string(), seconds,
        events::name_of(why.code), why.message);
  target_ << std::flush;
}

void ConnectionNews::met() {
  if (trouble_) {
    print(target_, "{} {} với máy chủ.\n", moment_vi(platform::now()),
          has_met_ ? "Đã nối lại" : "Đã nối được");
    target_ << std::flush;
  }
  trouble_.reset();
  has_met_ = true;
}

}  // namespace clients
