#include "clients/cli/output/connection_news.h"

#include "clients/cli/output/output.h"
#include "clients/device/connection_fault.h"

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <streambuf>
#include <string>

namespace clients {
namespace {

using std::chrono::milliseconds;
const events::Error hung_up{events::ErrorCode::closed, "end of stream"};

std::string told(std::ostringstream& news) {
  std::string text = news.str();
  news.str("");
  return text;
}

// Somebody watched a screen for ten minutes with the server gone.
TEST(ConnectionNews, SaysOnceThatTheLineIsGoneAndOnceThatItIsBack) {
  std::ostringstream out;
  ConnectionNews news(out);
  news.met();
  EXPECT_EQ(told(out), "") << "nothing to say of a line that is there";
  news.cut(hung_up, milliseconds{3'200});
  const std::string gone = told(out);
  EXPECT_NE(gone.find("Mất kết nối với máy chủ"), std::string::npos) << gone;
  EXPECT_NE(gone.find("sau 4 giây"), std::string::npos) << gone;
  EXPECT_NE(gone.find("[closed: end of stream]"), std::string::npos) << gone;
  news.cut(hung_up, milliseconds{9'000});
  EXPECT_EQ(told(out), "") << "the same once more";
  news.cut(fault_error(ConnectionFault::captive_portal, "302"), milliseconds{9'000});
  EXPECT_NE(told(out).find("đăng nhập"), std::string::npos);
  EXPECT_TRUE(news.trouble());
  news.met();
  EXPECT_NE(told(out).find("Đã nối lại"), std::string::npos);
  EXPECT_FALSE(news.trouble());
}

TEST(ConnectionNews, KnowsThatTheServerHasNeverAnswered) {
  std::ostringstream out;
  ConnectionNews news(out);
  news.cut(hung_up, milliseconds{1'000});
  EXPECT_NE(told(out).find("Chưa nối được"), std::string::npos);
  EXPECT_FALSE(news.has_met());
  news.met();
  EXPECT_NE(told(out).find("Đã nối được"), std::string::npos) << "it does not come back";
  EXPECT_TRUE(news.has_met());
}

// The code is the same for every fault of a line, and each needs another hand.
TEST(ConnectionNews, TellsAnotherFaultOfTheSameCode) {
  std::ostringstream out;
  ConnectionNews news(out);
  news.cut(fault_error(ConnectionFault::captive_portal, "302"), milliseconds{1'000});
  EXPECT_NE(told(out).find(advice_vi(ConnectionFault::captive_portal)), std::string::npos);
  news.cut(fault_error(ConnectionFault::not_tls, "HTTP"), milliseconds{1'000});
  EXPECT_NE(told(out).find(advice_vi(ConnectionFault::not_tls)), std::string::npos);
}

/// A disk that takes nothing.
class FullBuffer : public std::streambuf {
  int_type overflow(int_type) override { return traits_type::eof(); }
};

/// The same behind a buffer that takes a few lines, as that of a file or a pipe does.
class BufferBeforeAFullDisk : public FullBuffer {
 public:
  BufferBeforeAFullDisk() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

 private:
  int sync() override { return -1; }

  std::array<char, 256> buffer_{};
};

// "people > danh-sach.txt" on a full disk ended well, with half a list.
TEST(Output, ThatWasNotTakenIsAnError) {
  FullBuffer full;
  std::ostream out(&full);
  std::ostringstream err;
  out << "1.7 Lò Thị Ánh\n";
  EXPECT_EQ(end_output(out, err, exit_ok), exit_storage);
  EXPECT_NE(err.str().find("[device_storage"), std::string::npos) << err.str();
  EXPECT_EQ(end_output(out, err, exit_refused), exit_refused);
  std::ostringstream taken;
  EXPECT_EQ(end_output(taken, err, exit_ok), exit_ok);
}

// A short list fits the buffer: that the disk took nothing shows when the buffer is emptied.
TEST(Output, ThatOnlyTheBufferTookIsAnError) {
  BufferBeforeAFullDisk full;
  std::ostream out(&full);
  std::ostringstream err;
  out << "1.7 Lò Thị Ánh\n";
  ASSERT_TRUE(out.good());
  EXPECT_EQ(end_output(out, err, exit_ok), exit_storage);
  EXPECT_NE(err.str().find("[device_storage"), std::string::npos) << err.str();
}

// "Full or read-only": who reads that empties a disk on which nobody may write.
TEST(Output, SaysWhichFaultTheDiskHas) {
  const auto told = [](const char* reason) {
    std::ostringstream err;
    print_error(err, {events::ErrorCode::device_storage, reason}, "");
    return err.str();
  };
  const std::string full = told("IO error: No space left on device: /home/may-xa/000007.log");
  EXPECT_NE(full.find("đã đầy; việc vừa nhập CHƯA được ghi"), std::string::npos) << full;
  EXPECT_NE(full.find("xóa bớt tệp"), std::string::npos) << full;
  const std::string locked = told("/home/may-xa/LOCK: Read-only file system");
  EXPECT_NE(locked.find("chỉ cho đọc"), std::string::npos) << locked;
  EXPECT_EQ(locked.find("xóa bớt tệp"), std::string::npos) << locked;
  const std::string broken = told("IO error: Input/output error: 000007.log");
  EXPECT_NE(broken.find("gặp lỗi khi ghi"), std::string::npos) << broken;
  EXPECT_EQ(broken.find("xóa bớt tệp"), std::string::npos) << broken;
  for (const std::string& each : {full, locked, broken}) {
    EXPECT_EQ(each.find(" hoặc "), std::string::npos) << "one cause: " << each;
  }
}

// Scripts of the province choose by the exit code whether to try again, to call or to wait.
TEST(Output, ExitCodesAreByCause) {
  using enum events::ErrorCode;
  EXPECT_EQ(exit_code_of(device_storage), exit_storage);
  EXPECT_EQ(exit_code_of(device_denied), exit_storage);
  EXPECT_EQ(exit_code_of(storage_failed), exit_network) << "the server's disk is not ours";
  EXPECT_EQ(exit_code_of(busy), exit_busy);
  EXPECT_EQ(exit_code_of(revoked), exit_refused);
  EXPECT_EQ(exit_code_of(closed), exit_network);
}

}  // namespace
}  // namespace clients
