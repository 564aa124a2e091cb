// Sends events to a telemetry gateway until each is acknowledged.
//
//	send_events -to localhost:10085 -instance my-instance events.ndjson
//
// The file has one event a line, as protojson of telemetrygateway.v1.Event, each with an id.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	telemetry "telemetrygateway/v1"
)

const (
	batchBytes   = 1 << 20
	longestPause = 60 * time.Second
)

// sender keeps an event until its id is in an answer.
type sender struct {
	client   telemetry.TelemeteryGatewayServiceClient
	instance string
	waiting  map[string]*telemetry.Event
	order    []string
	refused  map[string]string
}

// stream sends what waits over one stream, and reads the answers meanwhile. The error is the stream's.
func (s *sender) stream(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := s.client.RecordEvents(ctx)
	if err != nil {
		return err
	}
	// An error of Send is io.EOF; Recv says what it was.
	batches := s.batches()
	go func() {
		for _, request := range batches {
			if stream.Send(request) != nil {
				return
			}
		}
		stream.CloseSend()
	}()
	for {
		answer, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for _, rejection := range answer.Rejections {
			s.refused[rejection.Id] = rejection.Code + ": " + rejection.Message
			// Sent as it is it would be refused again. An instance finds its id among the acknowledged as well; a
			// managed service does not.
			if !rejection.Retryable {
				delete(s.waiting, rejection.Id)
			}
		}
		for _, id := range answer.SucceededEvents {
			delete(s.waiting, id)
		}
	}
}

// batches are the messages of one stream: who sends, then what waits in batches of about 1 MiB.
func (s *sender) batches() []*telemetry.RecordEventsRequest {
	requests := []*telemetry.RecordEventsRequest{{Payload: &telemetry.RecordEventsRequest_Metadata{
		Metadata: &telemetry.RecordEventsRequestMetadata{
			RequestId: fmt.Sprintf("%016x", rand.Uint64()),
			Identifier: &telemetry.Identifier{Identifier: &telemetry.Identifier_UnlicensedInstance{
				UnlicensedInstance: &telemetry.Identifier_UnlicensedInstanceIdentifier{InstanceId: s.instance},
			}},
		},
	}}}
	var batch []*telemetry.Event
	size := 0
	flush := func() {
		if len(batch) > 0 {
			requests = append(requests, &telemetry.RecordEventsRequest{Payload: &telemetry.RecordEventsRequest_Events{
				Events: &telemetry.RecordEventsRequest_EventsPayload{Events: batch},
			}})
		}
		batch, size = nil, 0
	}
	for _, id := range s.order {
		event, waits := s.waiting[id]
		if !waits {
			continue
		}
		if size+proto.Size(event) > batchBytes {
			flush()
		}
		batch = append(batch, event)
		size += proto.Size(event)
	}
	flush()
	return requests
}

// pause is how long to wait after an error; false when waiting does not help.
func pause(err error, failures int) (time.Duration, bool) {
	problem := status.Convert(err)
	helps := false
	switch problem.Code() {
	case codes.Unavailable, codes.Aborted, codes.Canceled, codes.DeadlineExceeded, codes.Internal, codes.Unknown:
		helps = true
	}
	longest := longestPause
	if failures < 7 {
		longest = time.Second / 2 << failures
	}
	wait := time.Duration(rand.Int63n(int64(longest)))
	for _, detail := range problem.Details() {
		// The gateway says when its spool has room again. RESOURCE_EXHAUSTED without it: a message is too long.
		if info, is := detail.(*errdetails.RetryInfo); is {
			helps = true
			if asked := info.RetryDelay.AsDuration(); asked > wait {
				wait = asked
			}
		}
	}
	return wait, helps
}

func main() {
	address := flag.String("to", "localhost:10085", "the gateway")
	instance := flag.String("instance", "my-instance", "who sends")
	flag.Parse()
	rand.Seed(time.Now().UnixNano())

	file, err := os.Open(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	s := sender{instance: *instance, waiting: map[string]*telemetry.Event{}, refused: map[string]string{}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		event := &telemetry.Event{}
		if err := protojson.Unmarshal(lines.Bytes(), event); err != nil {
			log.Fatal(err)
		}
		s.waiting[event.Id] = event
		s.order = append(s.order, event.Id)
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}

	// With TLS: grpc.WithTransportCredentials(credentials.NewTLS(nil)).
	connection, err := grpc.Dial(*address, grpc.WithInsecure())
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	s.client = telemetry.NewTelemeteryGatewayServiceClient(connection)
	for failures := 0; len(s.waiting) > 0; {
		before := len(s.waiting)
		err := s.stream(context.Background())
		if len(s.waiting) < before {
			failures = 0
		}
		if err != nil {
			failures++
			wait, helps := pause(err, failures)
			if !helps {
				log.Fatal(err)
			}
			log.Printf("%v; again in %v with the same ids", err, wait)
			time.Sleep(wait)
		}
	}
	for id, reason := range s.refused {
		fmt.Printf("refused %s: %s\n", id, reason)
	}
	fmt.Printf("%d of %d events recorded\n", len(s.order)-len(s.refused), len(s.order))
}
