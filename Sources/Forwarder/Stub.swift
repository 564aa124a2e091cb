package enum ForwarderStub {}
