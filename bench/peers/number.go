// The peer in Go: net/http with its defaults.
package main

import (
	"encoding/json"
	"log"
	"math/rand"
	"net/http"
	"os"
	"time"
)

type answer struct {
	Number int `json:"number"`
}

func main() {
	// Before Go 1.20, each start would otherwise give the same numbers.
	rand.Seed(time.Now().UnixNano())
	http.HandleFunc("/number", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(answer{1 + rand.Intn(180)})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
