package enum OperatorStub {}
