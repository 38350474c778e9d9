#include "server/session/wire_error.h"

#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::Error;
using events::ErrorCode;

const Error with_path{ErrorCode::storage_failed, "/var/lib/khuyenhoc/log: IO error: 000012.sst"};

// ERROR frames told every device where the server's files lie.
TEST(WireError, AnErrorOnTheWireNamesNoFileOfTheServer) {
  for (const ErrorCode code : {ErrorCode::storage_failed, ErrorCode::storage_corrupt,
                               ErrorCode::storage_rolled_back, ErrorCode::io_failed}) {
    const Error said = wire_error({code, with_path.message});
    EXPECT_EQ(said.code, code);
    EXPECT_EQ(said.message.find('/'), std::string::npos) << said.message;
  }
  EXPECT_EQ(wire_error({ErrorCode::gap, "events before 7"}).message, "events before 7");
}

// The same at the session, where all answers go out; the log gets what the device does not.
TEST(WireError, ASessionKeepsTheTextForTheLog) {
  TwoCommunes world;
  Wire wire(world);
  wire.session().fail(with_path, 0);
  const auto errors = all_of<protocol::ErrorFrame>(wire.receive());
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].code, ErrorCode::storage_failed);
  EXPECT_EQ(errors[0].message.find("/var"), std::string::npos) << errors[0].message;
  const auto withheld = wire.session().take_withheld();
  ASSERT_TRUE(withheld);
  EXPECT_EQ(withheld->message, with_path.message);
}

TEST(WireError, ARefusedPushKeepsTheTextForTheLog) {
  FoundedLog founded;
  Wire wire(founded);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  wire.receive();
  founded.add_commune("Xã Nà Tấu");
  const protocol::Push push = a_push(founded.admin.sign());
  ASSERT_EQ(wire.session().on_bytes(protocol::encode_frame(push), founded.now).size(), 1U);
  wire.session().on_committed(protocol::PushNak{with_path.code, 1, 1, with_path.message},
                              founded.now);
  const auto naks = all_of<protocol::PushNak>(wire.receive());
  ASSERT_EQ(naks.size(), 1U);
  EXPECT_EQ(naks[0].message.find("000012.sst"), std::string::npos) << naks[0].message;
}

}  // namespace
}  // namespace server::test
